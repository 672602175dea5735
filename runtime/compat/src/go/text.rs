//! Bytes as text.

/// The bytes as text; **each** byte that is not part of valid UTF-8 becomes one U+FFFD.
///
/// (`String::from_utf8_lossy` gives one U+FFFD for a whole truncated sequence.)
///
/// ```
/// assert_eq!(portcullis_compat::go::lossy(b"a\xf0\x9f\x98"), "a\u{fffd}\u{fffd}\u{fffd}");
/// ```
#[must_use]
pub fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    push_lossy(&mut out, bytes);
    out
}

pub(crate) fn push_lossy(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
}
