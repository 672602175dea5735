//! How Go names a byte in an error message.

/// The byte as a quoted Go character. A byte above 0x7f is shown as the Latin-1 character of that number,
/// even inside UTF-8.
pub(super) fn quote_byte(byte: u8) -> String {
    let inner = match byte {
        b'\'' => "\\'".to_owned(),
        b'"' => "\"".to_owned(),
        b'\\' => "\\\\".to_owned(),
        0x07 => "\\a".to_owned(),
        0x08 => "\\b".to_owned(),
        0x0c => "\\f".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        0x0b => "\\v".to_owned(),
        0x00..=0x1f | 0x7f => format!("\\x{byte:02x}"),
        // C1 controls, the no-break space and the soft hyphen do not print.
        0x80..=0xa0 | 0xad => format!("\\u00{byte:02x}"),
        _ => char::from(byte).to_string(),
    };
    format!("'{inner}'")
}

#[cfg(test)]
mod tests {
    use super::quote_byte;

    #[test]
    fn bytes_are_named_as_go_names_them() {
        let rows: &[(u8, &str)] = &[
            (b'j', "'j'"),
            (b'}', "'}'"),
            (b'\'', r"'\''"),
            (b'"', "'\"'"),
            (b'\\', r"'\\'"),
            (b'\n', r"'\n'"),
            (b'\t', r"'\t'"),
            (0x00, r"'\x00'"),
            (0x01, r"'\x01'"),
            (0x0b, r"'\v'"),
            (0x7f, r"'\x7f'"),
            (0x80, r"'\u0080'"),
            (0xa0, r"'\u00a0'"),
            (0xad, r"'\u00ad'"),
            (0xbf, "'¿'"),
            (0xef, "'ï'"),
            (0xff, "'ÿ'"),
        ];
        for (byte, expected) in rows {
            assert_eq!(quote_byte(*byte), *expected, "byte {byte:#x}");
        }
    }
}
