;; form: appended
;; Three core modules with 10 MiB each beside the memory of the backend itself, where the policy has 16 MiB for all.
(core module $big (memory 160))
;; repeat 3: (core instance (instantiate $big))
