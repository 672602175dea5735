;; Grows as far as it can, and then does not live with the refusal.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 16)))))
  (unreachable))
