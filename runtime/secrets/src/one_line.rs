//! Foreign text in a message: always one line, never a terminal command.

use std::fmt::{self, Display, Formatter, Write as _};

/// Displays a text with everything escaped that could break a line, move a cursor or reorder what is read.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl Display for OneLine<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if is_unsafe_to_show(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

fn is_unsafe_to_show(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::OneLine;

    #[test]
    fn line_breaks_controls_and_direction_marks_are_escaped_and_the_rest_is_not() {
        for (text, shown) in [
            ("plain 'x' \"y\" \\ é 😀", "plain 'x' \"y\" \\ é 😀"),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{85}\u{2028}\u{2029}", "\\u{85}\\u{2028}\\u{2029}"),
            ("\u{202e}\u{2066}\u{feff}", "\\u{202e}\\u{2066}\\u{feff}"),
        ] {
            assert_eq!(OneLine(text).to_string(), shown);
        }
    }
}
