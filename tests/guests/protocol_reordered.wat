;; Answers the handles from the last to the first.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32)
  (block $done (loop $each
    (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
    (call $echo_one (i32.const 1024) (local.get $i)
      (i32.add (local.get $handles) (i32.mul (i32.const 8)
        (i32.sub (i32.sub (local.get $count) (local.get $i)) (i32.const 1)))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $each)))
  (call $answer (i32.const 1024) (local.get $count)))
