;; form: appended
;; Ten core modules with 2 MiB each, where the policy has 16 MiB for all.
(core module $big (memory 32))
;; repeat 10: (core instance (instantiate $big))
