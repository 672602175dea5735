;; form: appended
;; A memory that threads share is grown behind the limiter's back.
(core module $shared (memory 1 65536 shared))
(core instance (instantiate $shared))
