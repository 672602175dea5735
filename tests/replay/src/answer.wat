;; A backend whose memory the fuzzer fills: the setting `memory` holds the bytes, a letter (`a` to `p`) for each half.
;;
;;   0x00000  zero                    0x20000  the list of handles, then their texts, each at a multiple of 8
;;   0x10000  the bytes, then zero    0x30000  zero, up to the end at 0x50000
(module
  (import "wasi:config/store@0.2.0-rc.1" "get" (func $get (param i32 i32 i32)))
  (memory (export "memory") 5 5)
  (data (i32.const 1024) "memory")
  (global $next (mut i32) (i32.const 0x20000))
  (func (export "cabi_realloc")
    (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func $half (param $at i32) (result i32)
    (i32.sub (i32.load8_u (local.get $at)) (i32.const 97)))
  (func (export "portcullis:secrets/provider@0.1.0#resolve")
    (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
    (local $from i32) (local $end i32) (local $to i32)
    (global.set $next (i32.const 0x30000))
    (call $get (i32.const 1024) (i32.const 6) (i32.const 2048))
    (local.set $from (i32.load (i32.const 2056)))
    (local.set $end (i32.add (local.get $from) (i32.load (i32.const 2060))))
    (local.set $to (i32.const 0x10000))
    (block $done (loop $each
      (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
      (i32.store8 (local.get $to)
        (i32.or
          (i32.shl (call $half (local.get $from)) (i32.const 4))
          (call $half (i32.add (local.get $from) (i32.const 1)))))
      (local.set $from (i32.add (local.get $from) (i32.const 2)))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (br $each)))
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0x10000))
    (memory.fill (i32.const 0x30000) (i32.const 0) (i32.const 0x20000))
    (i32.const 0x10000)))
