;; Wants ten million table elements to begin with.
(table $t 10000000 funcref)
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (unreachable))
