;; The next version of a backend that behaves: it asks for nothing new, and is another file than the one that was approved.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
