;; import: wasi:sockets/tcp@0.2.12
;; Has sockets among its imports, and calls none of their functions.
(import "wasi:sockets/tcp@0.2.12" "[resource-drop]tcp-socket" (func $drop (param i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $echo (local.get $handles) (local.get $count) (local.get $deadline)))
