;; import: wasi:filesystem/types@0.2.12
;; import: wasi:filesystem/preopens@0.2.12
;; Passes an enumeration value that there is none of.
(import "wasi:filesystem/preopens@0.2.12" "get-directories" (func $directories (param i32)))
(import "wasi:filesystem/types@0.2.12" "[method]descriptor.advise" (func $advise (param i32 i64 i64 i32 i32)))
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (call $directories (i32.const 2048))
  (call $advise
    (i32.load (i32.load (i32.const 2048))) (i64.const 0) (i64.const 0) (i32.const 4096) (i32.const 4096))
  (unreachable))
