;; Calls itself until the stack is used up.
(func $down (param $n i64) (result i64)
  (i64.add (call $down (i64.add (local.get $n) (i64.const 1))) (local.get $n)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (drop (call $down (i64.const 0)))
  (unreachable))
