;; import: wasi:clocks/monotonic-clock@0.2.12
;; import: wasi:io/poll@0.2.12
;; Sleeps for an hour.
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
(import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $block (call $after (i64.const 3600000000000)))
  (unreachable))
