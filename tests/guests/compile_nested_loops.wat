;; Five hundred loops inside one another: a few kilobytes, and minutes of register allocation.
(func $maze (param $x i32)
  ;; repeat 500: (loop 
  (br_if 0 (local.get $x))
  ;; repeat 500: )
)
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
