;; Writes its whole memory, one instruction for 16 MiB.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (drop (memory.grow (i32.const 254)))
  (loop $forever
    (memory.fill (i32.const 0) (i32.const 7) (i32.const 16777216))
    (br $forever))
  (unreachable))
