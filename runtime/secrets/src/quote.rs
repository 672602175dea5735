//! A string as one double-quoted line that YAML 1.1, YAML 1.2 and JSON read alike.

/// Appends the quoted string.
pub(crate) fn write(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for c in text.chars() {
        match escape(c) {
            Escape::None => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Escape::Short(letter) => out.extend_from_slice(&[b'\\', letter]),
            Escape::Hex(unit) => {
                out.extend_from_slice(b"\\u");
                out.extend([12, 8, 4, 0].map(|shift| hex_digit(unit >> shift)));
            }
        }
    }
    out.push(b'"');
}

/// How many bytes [`write()`] appends.
pub(crate) fn length(text: &str) -> usize {
    let inside: usize = text
        .chars()
        .map(|c| match escape(c) {
            Escape::None => c.len_utf8(),
            Escape::Short(_) => 2,
            Escape::Hex(_) => 6,
        })
        .sum();
    inside + 2
}

enum Escape {
    None,
    Short(u8),
    Hex(u16),
}

/// How a character is written.
///
/// Only escapes that all three languages know are used. What a YAML 1.1 or 1.2 reader takes for a line break, a byte
/// order mark or an unprintable character is escaped, and all of that lies below U+10000. What lies above is
/// printable to all of them and stays as it is, because YAML knows no surrogate pairs.
fn escape(c: char) -> Escape {
    match c {
        '"' | '\\' => Escape::Short(if c == '"' { b'"' } else { b'\\' }),
        '\n' => Escape::Short(b'n'),
        '\r' => Escape::Short(b'r'),
        '\t' => Escape::Short(b't'),
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => u16::try_from(u32::from(c)).map_or(Escape::None, Escape::Hex),
        _ => Escape::None,
    }
}

fn hex_digit(unit: u16) -> u8 {
    b"0123456789abcdef".get(usize::from(unit & 0xf)).copied().unwrap_or_default()
}
