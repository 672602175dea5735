;; form: appended
;; The next version of a backend that behaves: it wants files, the network and sockets, too.
(import "wasi:filesystem/preopens@0.2.12" (instance))
(import "wasi:http/outgoing-handler@0.2.12" (instance))
(import "wasi:sockets/tcp@0.2.12" (instance))
