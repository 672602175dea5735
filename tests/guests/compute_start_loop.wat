;; Works before it is called: in the start function.
(func $spin (loop $forever (br $forever)))
(start $spin)
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (unreachable))
