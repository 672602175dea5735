;; Two hundred tables of a thousand branches each, out of a thousand nested blocks.
(func $maze (param $x i32)
  ;; repeat 1000: (block 
  ;; repeat 200: (block (br_table 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 0 (local.get $x))) 
  ;; repeat 1000: )
)
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $maze (i32.const 1))
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
