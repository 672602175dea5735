;; Answers with a list that is longer than any memory.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $answer (i32.const 1024) (i32.const 268435456)))
