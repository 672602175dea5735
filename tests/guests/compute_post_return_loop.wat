;; Answers, and works when the host lets it clean up.
(global $attacked (mut i32) (i32.const 0))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (global.set $attacked (i32.const 1))
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
(func (export "cabi_post_portcullis:secrets/provider@0.1.0#resolve") (param i32)
  (if (global.get $attacked) (then (loop $forever (br $forever)))))
