//! From bytes to text, as the replaced library does it.

use std::borrow::Cow;

use super::Error;

/// UTF-8, or UTF-16 with a byte-order mark. A byte-order mark goes.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(utf8(rest)?),
        bytes => Cow::Borrowed(utf8(bytes)?),
    };
    if text.chars().all(is_allowed) {
        Ok(text)
    } else {
        Err(Error::text("control characters are not allowed"))
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|error| {
        let first = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let message = match error.error_len() {
            None => "incomplete UTF-8 octet sequence",
            Some(_) if (0xC0..0xF8).contains(&first) => "invalid trailing UTF-8 octet",
            Some(_) => "invalid leading UTF-8 octet",
        };
        Error::text(message)
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Error::text("incomplete UTF-16 character"));
    }
    char::decode_utf16(pairs.iter().copied().map(unit))
        .collect::<Result<String, _>>()
        .map_err(|_| Error::text("unexpected low surrogate area"))
}

/// YAML's printable characters.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
}
