;; A value of 64 KiB for the first handle, where the policy takes 1 KiB; an honest one for the second.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (memory.fill (i32.const 2048) (i32.const 120) (i32.const 61440))
  (call $value (i32.const 1024) (i32.const 0) (local.get $handles) (i32.const 2048) (i32.const 61440))
  (call $echo_one (i32.const 1024) (i32.const 1) (i32.add (local.get $handles) (i32.const 8)))
  (call $answer (i32.const 1024) (i32.const 2)))
