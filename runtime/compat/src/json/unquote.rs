//! The text that a JSON string stands for.

use crate::go::push_lossy;

/// Decodes what is between the quotes of a checked string. Bytes that are not UTF-8 and halves of surrogate
/// pairs become U+FFFD.
pub(super) fn unquote(mut raw: &[u8]) -> String {
    let mut out = String::with_capacity(raw.len());
    while let Some(at) = raw.iter().position(|&byte| byte == b'\\') {
        let (plain, escape) = raw.split_at_checked(at).unwrap_or((raw, &[]));
        push_lossy(&mut out, plain);
        let (decoded, rest) = decode_escape(escape);
        out.push(decoded);
        raw = rest;
    }
    push_lossy(&mut out, raw);
    out
}

/// The character of the escape at the start of `text`, and what follows it.
fn decode_escape(text: &[u8]) -> (char, &[u8]) {
    match text {
        [_, b'u', rest @ ..] => decode_hex(rest),
        [_, letter, rest @ ..] => {
            let decoded = match letter {
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                other => char::from(*other),
            };
            (decoded, rest)
        }
        _ => (char::REPLACEMENT_CHARACTER, &[]),
    }
}

fn decode_hex(text: &[u8]) -> (char, &[u8]) {
    let (first, rest) = take_unit(text);
    if let [b'\\', b'u', second @ ..] = rest {
        let (second, after) = take_unit(second);
        if let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
            && pair.len_utf16() == 2
        {
            return (pair, after);
        }
    }
    (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), rest)
}

/// Four hexadecimal digits, and what follows them.
fn take_unit(text: &[u8]) -> (u16, &[u8]) {
    let (digits, rest) = text.split_at_checked(4).unwrap_or((text, &[]));
    let unit = std::str::from_utf8(digits).ok().and_then(|digits| u16::from_str_radix(digits, 16).ok());
    // A lone half of a pair decodes to U+FFFD, which is what something impossible should decode to as well.
    (unit.unwrap_or(0xd800), rest)
}
