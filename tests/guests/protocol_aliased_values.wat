;; A million answers, all of them the same 1 MiB: small for the guest, large for a host that copies each.
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (local $i i32) (local $list i32)
  (drop (memory.grow (i32.const 600)))
  (local.set $list (i32.const 2097152))
  (i32.store (i32.const 256) (i32.const 1048576))
  (i32.store (i32.const 260) (i32.const 1048576))
  (loop $each
    (call $echo_one (local.get $list) (local.get $i) (i32.const 256))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (i32.const 1000000))))
  (call $answer (local.get $list) (i32.const 1000000)))
