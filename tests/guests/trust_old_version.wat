;; form: appended
;; Imports an older version of an interface with authority, in the hope that only the newest is checked.
(import "wasi:filesystem/types@0.2.0" (instance))
