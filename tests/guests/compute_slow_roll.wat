;; import: wasi:cli/stderr@0.2.12
;; import: wasi:clocks/monotonic-clock@0.2.12
;; import: wasi:io/poll@0.2.12
;; import: wasi:io/streams@0.2.12
;; Waits until a second before it would be stopped, and answers then. Says when it begins and when it is about to answer.
(import "wasi:cli/stderr@0.2.12" "get-stderr" (func $stderr (result i32)))
(import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
  (func $write (param i32 i32 i32 i32)))
(import "wasi:io/streams@0.2.12" "[resource-drop]output-stream" (func $close (param i32)))
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
(import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))
(data (i32.const 512) "begins\0a")
(data (i32.const 520) "ends\0a")
(func $say (param $at i32) (param $length i32)
  (local $stream i32)
  (local.set $stream (call $stderr))
  (call $write (local.get $stream) (local.get $at) (local.get $length) (i32.const 256))
  (call $close (local.get $stream)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $pollable i32)
  (call $say (i32.const 512) (i32.const 7))
  ;; The deadline is in milliseconds, the clock's step a nanosecond.
  (local.set $pollable (call $after (i64.mul (i64.const 1000000)
    (i64.extend_i32_u (i32.sub (local.get $deadline) (i32.const 1000))))))
  (call $block (local.get $pollable))
  (call $drop (local.get $pollable))
  (call $say (i32.const 520) (i32.const 5))
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
