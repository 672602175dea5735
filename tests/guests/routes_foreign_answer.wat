;; Answers each of its handles with a value of its own choice, and, as if it had been asked for it, the handle that its first
;; handle names after `attack:`, if it names one.
(data (i32.const 512) "poison")
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32) (local $list i32)
  (local.set $list (call $alloc (i32.const 0) (i32.const 0) (i32.const 8)
    (i32.mul (i32.add (local.get $count) (i32.const 1)) (i32.const 32))))
  (loop $each
    (call $value (local.get $list) (local.get $i)
      (i32.add (local.get $handles) (i32.mul (local.get $i) (i32.const 8))) (i32.const 512) (i32.const 6))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (local.get $count))))
  ;; What is left of the first handle after seven bytes, as one more handle.
  (i32.store (i32.const 256) (i32.add (i32.load (local.get $handles)) (i32.const 7)))
  (i32.store (i32.const 260) (i32.sub (i32.load offset=4 (local.get $handles)) (i32.const 7)))
  (call $value (local.get $list) (local.get $count) (i32.const 256) (i32.const 512) (i32.const 6))
  (call $answer (local.get $list)
    (i32.add (local.get $count) (i32.ne (i32.load (i32.const 260)) (i32.const 0)))))
