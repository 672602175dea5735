;; import: wasi:clocks/monotonic-clock@0.2.12
;; Takes handles and never gives one back.
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (loop $forever (drop (call $after (i64.const 1))) (br $forever))
  (unreachable))
