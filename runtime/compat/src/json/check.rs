//! Is a text JSON? One pass, one byte at a time, no recursion.

use super::syntax_error::{Context, SyntaxError};

/// Arrays and objects that may be open at once.
pub const MAX_DEPTH: usize = 10_000;

/// A text that is known to be one JSON value (though its strings may hold invalid UTF-8).
#[derive(Clone, Copy)]
pub struct Checked<'a> {
    text: &'a [u8],
}

impl<'a> Checked<'a> {
    /// The text as it came.
    #[must_use]
    pub fn text(self) -> &'a [u8] {
        self.text
    }
}

/// Checks that `text` is exactly one JSON value with optional white space around it.
///
/// # Errors
/// The first byte that does not fit, or an end too soon.
pub fn check(text: &[u8]) -> Result<Checked<'_>, SyntaxError> {
    let mut scanner = Scanner { state: State::Value, open: Vec::new() };
    for (offset, &byte) in text.iter().enumerate() {
        scanner.step(byte).map_err(|context| SyntaxError::unexpected(byte, context, offset))?;
    }
    // The end is tried as a space: that ends a number, and is what an unfinished word complains about.
    scanner.step(b' ').map_err(|context| SyntaxError::unexpected(b' ', context, text.len()))?;
    if matches!(scanner.state, State::EndTop) {
        Ok(Checked { text })
    } else {
        Err(SyntaxError::unexpected_end(text.len()))
    }
}

struct Scanner {
    state: State,
    open: Vec<Open>,
}

/// What is open around the current byte, and which of its parts comes.
#[derive(Clone, Copy)]
enum Open {
    Key,
    Member,
    Element,
}

#[derive(Clone, Copy)]
enum State {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    EndValue,
    EndTop,
    String,
    Escape,
    /// So many hexadecimal digits still come.
    Hex(u8),
    Minus,
    Zero,
    Integer,
    Dot,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// The word, and which of its bytes comes next.
    Literal(&'static str, usize),
}

impl Scanner {
    fn step(&mut self, byte: u8) -> Result<(), Context> {
        let space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.state = match self.state {
            State::Value | State::ValueOrClose | State::Key | State::KeyOrClose | State::EndTop if space => {
                return Ok(());
            }
            State::ValueOrClose if byte == b']' => return self.end_value(byte),
            State::Value | State::ValueOrClose => return self.begin_value(byte),
            State::KeyOrClose if byte == b'}' => {
                self.turn(Open::Member);
                return self.end_value(byte);
            }
            State::Key | State::KeyOrClose => match byte {
                b'"' => State::String,
                _ => return Err(Context::Key),
            },
            State::EndValue => return self.end_value(byte),
            State::EndTop => return Err(Context::AfterTop),
            State::String => match byte {
                b'"' => State::EndValue,
                b'\\' => State::Escape,
                0x00..=0x1f => return Err(Context::String),
                _ => State::String,
            },
            State::Escape => match byte {
                b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => State::String,
                b'u' => State::Hex(4),
                _ => return Err(Context::Escape),
            },
            State::Hex(left) if byte.is_ascii_hexdigit() => match left {
                0 | 1 => State::String,
                _ => State::Hex(left - 1),
            },
            State::Hex(_) => return Err(Context::HexEscape),
            State::Minus => match byte {
                b'0' => State::Zero,
                b'1'..=b'9' => State::Integer,
                _ => return Err(Context::Number),
            },
            State::Integer if byte.is_ascii_digit() => State::Integer,
            State::Zero | State::Integer => match byte {
                b'.' => State::Dot,
                b'e' | b'E' => State::Exponent,
                _ => return self.end_value(byte),
            },
            State::Dot => match byte {
                b'0'..=b'9' => State::Fraction,
                _ => return Err(Context::Fraction),
            },
            State::Fraction => match byte {
                b'0'..=b'9' => State::Fraction,
                b'e' | b'E' => State::Exponent,
                _ => return self.end_value(byte),
            },
            State::Exponent if matches!(byte, b'+' | b'-') => State::ExponentSign,
            State::Exponent | State::ExponentSign => match byte {
                b'0'..=b'9' => State::ExponentDigits,
                _ => return Err(Context::Exponent),
            },
            State::ExponentDigits if byte.is_ascii_digit() => State::ExponentDigits,
            State::ExponentDigits => return self.end_value(byte),
            State::Literal(word, at) => match word.as_bytes().get(at) {
                Some(&expected) if expected != byte => return Err(Context::Literal { word, expected }),
                _ if at + 1 < word.len() => State::Literal(word, at + 1),
                _ => State::EndValue,
            },
        };
        Ok(())
    }

    fn begin_value(&mut self, byte: u8) -> Result<(), Context> {
        self.state = match byte {
            b'{' => return self.push(Open::Key, State::KeyOrClose),
            b'[' => return self.push(Open::Element, State::ValueOrClose),
            b'"' => State::String,
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Integer,
            b't' => State::Literal("true", 1),
            b'f' => State::Literal("false", 1),
            b'n' => State::Literal("null", 1),
            _ => return Err(Context::Value),
        };
        Ok(())
    }

    /// The byte after a complete value or key.
    fn end_value(&mut self, byte: u8) -> Result<(), Context> {
        let space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.state = match (self.open.last(), byte) {
            (None, _) if space => State::EndTop,
            (None, _) => return Err(Context::AfterTop),
            (Some(_), _) if space => State::EndValue,
            (Some(Open::Key), b':') => {
                self.turn(Open::Member);
                State::Value
            }
            (Some(Open::Key), _) => return Err(Context::AfterKey),
            (Some(Open::Member), b',') => {
                self.turn(Open::Key);
                State::Key
            }
            (Some(Open::Element), b',') => State::Value,
            (Some(Open::Member), b'}') | (Some(Open::Element), b']') => {
                self.open.pop();
                if self.open.is_empty() { State::EndTop } else { State::EndValue }
            }
            (Some(Open::Member), _) => return Err(Context::AfterMember),
            (Some(Open::Element), _) => return Err(Context::AfterElement),
        };
        Ok(())
    }

    fn push(&mut self, open: Open, next: State) -> Result<(), Context> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Context::Depth);
        }
        self.open.push(open);
        self.state = next;
        Ok(())
    }

    fn turn(&mut self, to: Open) {
        if let Some(top) = self.open.last_mut() {
            *top = to;
        }
    }
}
