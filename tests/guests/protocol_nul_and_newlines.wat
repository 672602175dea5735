;; A value with NUL, CR and LF.
(data (i32.const 512) "a\00b\0d\0ac")
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $value (i32.const 1024) (i32.const 0) (local.get $handles) (i32.const 512) (i32.const 6))
  (call $echo_one (i32.const 1024) (i32.const 1) (i32.add (local.get $handles) (i32.const 8)))
  (call $answer (i32.const 1024) (i32.const 2)))
