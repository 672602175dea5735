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

#[cfg(test)]
mod tests {
    use super::may_hold_reference;

    #[test]
    fn only_a_reference_or_what_could_spell_one_needs_a_parser() {
        for (text, may) in [
            ("", false),
            ("a: enc[x] ENC [", false),
            ("a: ENC", false),
            ("a: 'C:\\temp' \\\" \\t \\\\", false),
            ("a: ENC[x]", true),
            ("# ENC[x]", true),
            ("\"\\x45NC[x]\"", true),
            ("\"\\u0045NC[x]\"", true),
            ("\"\\U00000045NC[x]\"", true),
            ("\"E\\\nNC[x]\"", true),
            ("\"E\\\r\nNC[x]\"", true),
        ] {
            assert_eq!(may_hold_reference(text.as_bytes()), may, "{text:?}");
        }
    }
}
