;; Grows a table without end.
(table $t 1 funcref)
(func $attack (param $handles i32) (param $count i32) (param $deadline i32) (result i32)
  (loop $more (br_if $more (i32.ne (i32.const -1) (table.grow $t (ref.null func) (i32.const 4096)))))
  (unreachable))
