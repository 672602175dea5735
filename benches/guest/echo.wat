;; A backend that answers each handle with itself. It imports nothing and frees nothing.
;;
;; Layout of the answer at 16: tag (0 = ok), then pointer and length of the list. A resolution has 32 bytes: the handle
;; at 0, the outcome's tag at 8, the value at 12, the tag of `expires-in` (0 = none) at 20.
(module
  (memory (export "memory") 2)
  (global $next (mut i32) (i32.const 65536))

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

  (func (export "portcullis:secrets/provider@0.1.0#resolve")
    (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
    (local $i i32) (local $from i32) (local $to i32) (local $list i32)
    (local.set $list
      (call $alloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.mul (local.get $count) (i32.const 32))))
    (block $done (loop $each
      (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
      (local.set $from (i32.add (local.get $handles) (i32.mul (local.get $i) (i32.const 8))))
      (local.set $to (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 32))))
      (i64.store (local.get $to) (i64.load (local.get $from)))
      (i32.store8 offset=8 (local.get $to) (i32.const 0))
      (i64.store offset=12 (local.get $to) (i64.load (local.get $from)))
      (i32.store8 offset=20 (local.get $to) (i32.const 0))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $each)))
    (i32.store8 (i32.const 16) (i32.const 0))
    (i32.store offset=4 (i32.const 16) (local.get $list))
    (i32.store offset=8 (i32.const 16) (local.get $count))
    (i32.const 16)))
