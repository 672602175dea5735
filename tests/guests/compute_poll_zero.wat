;; import: wasi:clocks/monotonic-clock@0.2.12
;; import: wasi:io/poll@0.2.12
;; Waits for nothing, over and over: it is nearly always in the host, where no tick interrupts it.
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
(import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $pollable i32)
  (loop $forever
    (local.set $pollable (call $after (i64.const 0)))
    (call $block (local.get $pollable))
    (call $drop (local.get $pollable))
    (br $forever))
  (unreachable))
