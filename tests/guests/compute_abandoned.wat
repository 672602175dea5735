;; import: wasi:clocks/monotonic-clock@0.2.12
;; import: wasi:io/poll@0.2.12
;; Hoards pollables and computes, until the host loses patience.
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
(import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32)
  (loop $hoard
    (drop (call $after (i64.const 3600000000000)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $hoard (i32.lt_u (local.get $i) (i32.const 100))))
  (loop $forever (br $forever))
  (unreachable))
