;; Never comes back, on the thread that everybody else needs.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (loop $forever (br $forever))
  (unreachable))
