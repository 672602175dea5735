;; form: truncated
;; The first half of a component that works.
