;; form: appended
;; Ten core modules with a memory each.
(core module $small (memory 1))
;; repeat 10: (core instance (instantiate $small))
