;; Answers the first handle twice and the second never.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $echo_one (i32.const 1024) (i32.const 0) (local.get $handles))
  (call $echo_one (i32.const 1024) (i32.const 1) (local.get $handles))
  (call $answer (i32.const 1024) (i32.const 2)))
