;; Answers its first handle with all that it was asked for, a line for each, and the others with themselves.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32) (local $from i32) (local $list i32) (local $text i32) (local $end i32)
  (local.set $list
    (call $alloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.mul (local.get $count) (i32.const 32))))
  (local.set $text (call $alloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4096)))
  (local.set $end (local.get $text))
  (loop $each
    (local.set $from (i32.add (local.get $handles) (i32.mul (local.get $i) (i32.const 8))))
    (call $echo_one (local.get $list) (local.get $i) (local.get $from))
    (memory.copy (local.get $end) (i32.load (local.get $from)) (i32.load offset=4 (local.get $from)))
    (local.set $end (i32.add (local.get $end) (i32.load offset=4 (local.get $from))))
    (i32.store8 (local.get $end) (i32.const 10))
    (local.set $end (i32.add (local.get $end) (i32.const 1)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (local.get $count))))
  (call $value (local.get $list) (i32.const 0) (local.get $handles)
    (local.get $text) (i32.sub (local.get $end) (local.get $text)))
  (call $answer (local.get $list) (local.get $count)))
