;; form: appended
;; Two hundred core instances.
(core module $small)
;; repeat 200: (core instance (instantiate $small))
