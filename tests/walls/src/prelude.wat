;; What a guest in text form has beside its `$attack`.
(memory (export "memory") 2)
(global $next (mut i32) (i32.const 65536))

;; An allocator that only grows.
(func $alloc (export "cabi_realloc")
  (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
  (global.set $next (i32.add (local.get $at) (local.get $size)))
  (block $fits
    (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
    (br_if $fits (i32.ne (i32.const -1)
      (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $size) (i32.const 65536))))))
    (unreachable))
  (local.get $at))

;; Resolution number $i at $list (32 bytes each): the handle at $from answered with $length bytes at $value.
(func $value (param $list i32) (param $i i32) (param $from i32) (param $value i32) (param $length i32)
  (local $to i32)
  (local.set $to (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 32))))
  (i64.store (local.get $to) (i64.load (local.get $from)))
  (i32.store8 offset=8 (local.get $to) (i32.const 0))
  (i32.store offset=12 (local.get $to) (local.get $value))
  (i32.store offset=16 (local.get $to) (local.get $length))
  (i32.store8 offset=20 (local.get $to) (i32.const 0)))

;; Resolution number $i at $list: the handle at $from answered with itself.
(func $echo_one (param $list i32) (param $i i32) (param $from i32)
  (call $value (local.get $list) (local.get $i) (local.get $from)
    (i32.load (local.get $from)) (i32.load offset=4 (local.get $from))))

;; Resolution number $i at $list: the handle at $from failed with $length bytes of message at $message.
(func $failed (param $list i32) (param $i i32) (param $from i32) (param $message i32) (param $length i32)
  (local $to i32)
  (local.set $to (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 32))))
  (i64.store (local.get $to) (i64.load (local.get $from)))
  (i32.store8 offset=8 (local.get $to) (i32.const 1))
  (i32.store8 offset=12 (local.get $to) (i32.const 4))
  (i32.store offset=16 (local.get $to) (local.get $message))
  (i32.store offset=20 (local.get $to) (local.get $length))
  (i32.store8 offset=24 (local.get $to) (i32.const 0)))

;; result::ok(list) of $count resolutions at $list.
(func $answer (param $list i32) (param $count i32) (result i32)
  (i32.store8 (i32.const 16) (i32.const 0))
  (i32.store offset=4 (i32.const 16) (local.get $list))
  (i32.store offset=8 (i32.const 16) (local.get $count))
  (i32.const 16))

;; Each handle answered with itself.
(func $echo (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32) (local $list i32)
  (local.set $list
    (call $alloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.mul (local.get $count) (i32.const 32))))
  (block $done (loop $each
    (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
    (call $echo_one (local.get $list) (local.get $i)
      (i32.add (local.get $handles) (i32.mul (local.get $i) (i32.const 8))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $each)))
  (call $answer (local.get $list) (local.get $count)))

(func (export "portcullis:secrets/provider@0.1.0#resolve")
  (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (if (result i32)
    (if (result i32) (i32.and (i32.gt_u (local.get $count) (i32.const 0))
        (i32.gt_u (i32.load offset=4 (local.get $handles)) (i32.const 3)))
      ;; "atta"
      (then (i32.eq (i32.load (i32.load (local.get $handles))) (i32.const 0x61747461)))
      (else (i32.const 0)))
    (then (call $attack (local.get $handles) (local.get $count) (local.get $deadline)))
    (else (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))))
