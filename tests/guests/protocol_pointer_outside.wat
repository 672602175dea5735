;; Answers with a list at the very end of the address space.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $answer (i32.const -64) (i32.const 2)))
