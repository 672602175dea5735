//! The built-in providers that this binary carries.

use portcullis::Builtins;

include!(concat!(env!("OUT_DIR"), "/builtins.rs"));

/// What was put into the binary; nothing without the feature `builtin`.
pub(crate) fn embedded() -> Builtins {
    Builtins::embedded(EMBEDDED)
}

/// The same, one by one.
pub(crate) fn list() -> &'static [portcullis::Embedded] {
    EMBEDDED
}
