;; import: wasi:clocks/monotonic-clock@0.2.12
;; import: wasi:io/poll@0.2.12
;; import: wasi:filesystem/types@0.2.12
;; import: wasi:filesystem/preopens@0.2.12
;; import: wasi:cli/terminal-stdout@0.2.12
;; Calls the host with the largest and the oddest numbers that the types allow. Each must come back as a value or a typed
;; error; the numbers that name no handle are left to `imports_dead_handle`.
(import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $now (result i64)))
(import "wasi:clocks/monotonic-clock@0.2.12" "resolution" (func $resolution (result i64)))
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-instant" (func $at (param i64) (result i32)))
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.ready" (func $ready (param i32) (result i32)))
(import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))
(import "wasi:filesystem/preopens@0.2.12" "get-directories" (func $directories (param i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.read" (func $read (param i32 i64 i64 i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.stat-at" (func $stat_at (param i32 i32 i32 i32 i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.open-at" (func $open_at (param i32 i32 i32 i32 i32 i32 i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.set-size" (func $set_size (param i32 i64 i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.advise" (func $advise (param i32 i64 i64 i32 i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.read-via-stream" (func $stream (param i32 i64 i32)))
(func $poll (param $pollable i32)
  (drop (call $ready (local.get $pollable)))
  (call $drop (local.get $pollable)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $folder i32)
  (drop (call $now))
  (drop (call $resolution))
  (call $poll (call $at (i64.const -1)))
  (call $poll (call $at (i64.const 0)))
  (call $poll (call $at (i64.const 0x7fffffffffffffff)))
  (call $poll (call $after (i64.const -1)))
  (call $poll (call $after (i64.const 0x7fffffffffffffff)))
  (call $directories (i32.const 2048))
  ;; The one folder that is granted.
  (local.set $folder (i32.load (i32.load (i32.const 2048))))
  (call $read (local.get $folder) (i64.const -1) (i64.const -1) (i32.const 4096))
  (call $set_size (local.get $folder) (i64.const -1) (i32.const 4096))
  (call $advise (local.get $folder) (i64.const -1) (i64.const -1) (i32.const 5) (i32.const 4096))
  (call $stream (local.get $folder) (i64.const -1) (i32.const 4096))
  ;; A path of nothing, and one of 64 KiB that is all NUL.
  (call $stat_at (local.get $folder) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 4096))
  (call $stat_at (local.get $folder) (i32.const 1) (i32.const 65536) (i32.const 65536) (i32.const 4096))
  (call $open_at (local.get $folder) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 15) (i32.const 63) (i32.const 4096))
  (call $open_at
    (local.get $folder) (i32.const 0) (i32.const 65536) (i32.const 65536) (i32.const 15) (i32.const 63) (i32.const 4096))
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
