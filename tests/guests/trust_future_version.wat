;; form: appended
;; Imports a version of an interface with authority that does not exist yet.
(import "wasi:sockets/tcp@9.0.0" (instance))
