;; form: core
(module (func (export "resolve")))
