;; One function of three million instructions, all on one value.
(func $huge (param $x i32) (result i32)
  (local.get $x)
  ;; repeat 500000: (i32.const 7) (i32.mul) (local.tee $x) (local.get $x) (i32.add) 
)
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (drop (call $huge (i32.const 1)))
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
