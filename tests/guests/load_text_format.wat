;; form: text
(component)
