;; form: appended
;; A thousand core instances.
(core module $small)
;; repeat 1000: (core instance (instantiate $small))
