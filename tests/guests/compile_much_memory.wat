;; A hundred and fifty thousand functions: more memory than the compiler has.
;; repeat 150000: (func (param i64 i64) (result i64) (i64.mul (local.get 0) (i64.add (local.get 1) (local.get 0)))) 
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
