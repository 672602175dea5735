;; form: appended
;; Sixty thousand data segments in each of two core modules.
(core module (memory 1)
  ;; repeat 60000: (data (i32.const 1024) "x") 
)
(core module (memory 1)
  ;; repeat 60000: (data (i32.const 1024) "x") 
)
