;; A hundred and fifty thousand data segments.
;; repeat 150000: (data (i32.const 1024) "x") 
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
