//! The quick "no" for a text that holds no reference.

use memchr::{memchr_iter, memmem};

/// Whether the text could hold a reference: it contains `ENC[`, or a backslash escape that could spell a part of it.
///
/// Those escapes are `\x45`, `\u0045` and `\U00000045`, and the escaped line break that joins two lines without a
/// space. No other notation of YAML or JSON yields a character that is not in the text.
pub(super) fn may_hold_reference(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"ENC[").is_some()
        || memchr_iter(b'\\', bytes)
            .any(|at| matches!(bytes.get(at + 1), Some(b'x' | b'u' | b'U' | b'\n' | b'\r')))
}
