;; Leaves a mark in its memory and crashes; crashes too, whatever it is asked, where it finds the mark.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (i32.store (i32.const 1024) (i32.const 1))
  (unreachable))
(func $look
  (if (i32.load (i32.const 1024)) (then (unreachable))))
(start $look)
