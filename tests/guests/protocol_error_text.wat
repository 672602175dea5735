;; Fails the first handle with 1 MB of text that contains the second handle's value over and over.
(data (i32.const 512) "hunter2-hunter2 \1b[31m")
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32)
  (drop (memory.grow (i32.const 32)))
  (loop $each
    (memory.copy (i32.add (i32.const 1048576) (i32.mul (local.get $i) (i32.const 21))) (i32.const 512) (i32.const 21))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (i32.const 47000))))
  (call $failed (i32.const 1024) (i32.const 0) (local.get $handles) (i32.const 1048576) (i32.const 987000))
  (call $value (i32.const 1024) (i32.const 1) (i32.add (local.get $handles) (i32.const 8)) (i32.const 512) (i32.const 15))
  (call $answer (i32.const 1024) (i32.const 2)))
