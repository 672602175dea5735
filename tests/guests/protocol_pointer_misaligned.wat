;; Answers with a list at an address that no list can have.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $answer (i32.const 1025) (i32.const 2)))
