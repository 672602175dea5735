;; Never comes back, under a policy that leaves it more processor time than the call has.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (loop $forever (br $forever))
  (unreachable))
