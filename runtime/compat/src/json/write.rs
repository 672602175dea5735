//! JSON as Go writes it: compact, and safe to paste into HTML and JavaScript.

use super::value::Value;

/// Appends `text` as a quoted JSON string.
///
/// U+FFFD is escaped as well: it nearly always stands for a byte that was not UTF-8, and that is how Go
/// writes those.
///
/// ```
/// let mut out = String::new();
/// portcullis_compat::json::write_string(&mut out, "<a&b>\u{1}\t\u{8}");
/// assert_eq!(out, r#""\u003ca\u0026b\u003e\u0001\t\b""#);
/// ```
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match Escape::of(character) {
            Escape::None => out.push(character),
            Escape::Short(letter) => out.extend(['\\', letter]),
            Escape::Long => {
                out.push_str("\\u");
                let code = u32::from(character);
                out.extend(
                    [12, 8, 4, 0].map(|shift| char::from_digit(code >> shift & 0xf, 16).unwrap_or('0')),
                );
            }
        }
    }
    out.push('"');
}

/// How many bytes [`write_string`] appends. It lets a caller reserve once, so that a secret is not copied by
/// a growing buffer.
#[must_use]
pub fn quoted_len(text: &str) -> usize {
    let escaped = text.chars().map(|character| match Escape::of(character) {
        Escape::None => character.len_utf8(),
        Escape::Short(_) => 2,
        Escape::Long => 6,
    });
    escaped.sum::<usize>() + 2
}

/// Appends a value without any white space, members in the order in which they are.
pub fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(out, at);
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                separate(out, at);
                write_string(out, key);
                out.push(':');
                write_value(out, member);
            }
            out.push('}');
        }
    }
}

fn separate(out: &mut String, at: usize) {
    if at > 0 {
        out.push(',');
    }
}

enum Escape {
    None,
    Short(char),
    Long,
}

impl Escape {
    fn of(character: char) -> Self {
        match character {
            '"' | '\\' => Self::Short(character),
            '\u{8}' => Self::Short('b'),
            '\u{c}' => Self::Short('f'),
            '\n' => Self::Short('n'),
            '\r' => Self::Short('r'),
            '\t' => Self::Short('t'),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | char::REPLACEMENT_CHARACTER => {
                Self::Long
            }
            _ => Self::None,
        }
    }
}
