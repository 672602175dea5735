;; form: appended
;; Imports an interface that the host has never heard of.
(import "vendor:backdoor/open@1.0.0" (instance))
