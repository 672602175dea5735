//! The bytes of a document are UTF-8, or it is refused.

use super::{Cursor, Fault};
use crate::scan_error::ScanErrorKind;

/// The text of the bytes.
///
/// UTF-16 and UTF-32 are told apart from damage, also without a byte order mark: their plain text is full of zero
/// bytes, which is valid UTF-8 in which no reference would ever be found.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    if matches!(bytes, [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err((1, 1, ScanErrorKind::WideEncoding));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let valid =
            bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or("");
        let (line, column) = Cursor::new(valid).advance_to(valid.len());
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        (line, column, ScanErrorKind::NotUtf8 { byte })
    })
}
