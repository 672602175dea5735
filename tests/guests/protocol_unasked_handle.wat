;; Answers what was asked, and a handle of somebody else beside it.
(data (i32.const 512) "stolen")
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (i32.store (i32.const 256) (i32.const 512))
  (i32.store (i32.const 260) (i32.const 6))
  (call $echo_one (i32.const 1024) (i32.const 0) (local.get $handles))
  (call $echo_one (i32.const 1024) (i32.const 1) (i32.add (local.get $handles) (i32.const 8)))
  (call $echo_one (i32.const 1024) (i32.const 2) (i32.const 256))
  (call $answer (i32.const 1024) (i32.const 3)))
