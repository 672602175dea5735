;; import: wasi:clocks/monotonic-clock@0.2.12
;; import: wasi:io/poll@0.2.12
;; Uses a handle that it has given back.
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.ready" (func $ready (param i32) (result i32)))
(import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $pollable i32)
  (local.set $pollable (call $after (i64.const 1)))
  (call $drop (local.get $pollable))
  (drop (call $ready (local.get $pollable)))
  (unreachable))
