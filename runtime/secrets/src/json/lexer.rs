//! The tokens of RFC 8259 and where they are.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Cursor, Fault};
use crate::one_line::OneLine;
use crate::scan_error::ScanErrorKind;

/// A token of JSON.
pub(super) enum Token<'t> {
    ArrayStart,
    ArrayEnd,
    ObjectStart,
    ObjectEnd,
    Colon,
    Comma,
    String(Text<'t>),
    /// A number, `true`, `false` or `null`, as it stands: never a reference.
    Literal(&'t str),
}

/// A string: what it says, and its bytes with the quotes.
pub(super) struct Text<'t> {
    pub(super) value: Cow<'t, str>,
    pub(super) range: Range<usize>,
}

/// Cuts a text into tokens.
pub(super) struct Lexer<'t> {
    text: &'t str,
    /// Where the next character is.
    at: usize,
    /// Where the last token began.
    token: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, token: at }
    }

    /// The next token; `expected` is for the error if there is none.
    pub(super) fn next(&mut self, expected: &'static str) -> Result<Token<'t>, Fault> {
        self.skip_space();
        self.token = self.at;
        let simple = match self.peek() {
            Some(b'[') => Token::ArrayStart,
            Some(b']') => Token::ArrayEnd,
            Some(b'{') => Token::ObjectStart,
            Some(b'}') => Token::ObjectEnd,
            Some(b':') => Token::Colon,
            Some(b',') => Token::Comma,
            Some(b'"') => return self.string().map(Token::String),
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                return Ok(Token::Literal(self.text.get(self.token..self.at).unwrap_or_default()));
            }
            Some(b't') => return self.word("true"),
            Some(b'f') => return self.word("false"),
            Some(b'n') => return self.word("null"),
            _ => return Err(self.unexpected(expected)),
        };
        self.at += 1;
        Ok(simple)
    }

    /// Nothing but white space may be left.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        self.skip_space();
        self.token = self.at;
        if self.at == self.text.len() { Ok(()) } else { Err(self.unexpected("the end of the text")) }
    }

    /// The error that the last token should have been something else.
    pub(super) fn unexpected(&self, expected: &'static str) -> Fault {
        self.unexpected_at(self.token, expected)
    }

    /// A fault at the last token.
    pub(super) fn fault(&self, kind: ScanErrorKind) -> Fault {
        self.fault_at(self.token, kind)
    }

    fn unexpected_at(&self, at: usize, expected: &'static str) -> Fault {
        let mut buffer = [0; 4];
        let found = match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => format!("'{}'", OneLine(c.encode_utf8(&mut buffer))),
            None => "the end of the text".to_owned(),
        };
        self.fault_at(at, ScanErrorKind::Json { expected, found })
    }

    fn fault_at(&self, at: usize, kind: ScanErrorKind) -> Fault {
        let (line, column) = Cursor::new(self.text).advance_to(at);
        (line, column, kind)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &'static str) -> Result<Token<'t>, Fault> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.unexpected(word));
        }
        self.at += word.len();
        Ok(Token::Literal(word))
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected_at(start, "a digit")) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<Text<'t>, Fault> {
        let start = self.at;
        self.at += 1;
        let mut decoded = Cow::Borrowed("");
        loop {
            let plain = self.at;
            while matches!(self.peek(), Some(byte) if byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            let run = self.text.get(plain..self.at).unwrap_or("");
            if decoded.is_empty() {
                decoded = Cow::Borrowed(run);
            } else {
                decoded.to_mut().push_str(run);
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Text { value: decoded, range: start..self.at });
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    decoded.to_mut().push(c);
                }
                Some(_) => return Err(self.unexpected_at(self.at, "an escape for the control character")),
                None => return Err(self.unexpected_at(self.at, "'\"' at the end of the string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let simple = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.unexpected_at(self.at, "one of \" \\ / b f n r t u after '\\'")),
        };
        self.at += 1;
        Ok(simple)
    }

    fn unicode_escape(&mut self) -> Result<char, Fault> {
        const PAIR: &str = "a surrogate pair (\\ud800-\\udbff, then \\udc00-\\udfff)";
        let start = self.at - 1;
        let first = self.hex_unit()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.unexpected_at(start, PAIR));
        }
        if first >= 0xdc00 || !self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            return Err(self.unexpected_at(start, PAIR));
        }
        self.at += 1;
        let second = self.hex_unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.unexpected_at(start, PAIR));
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            .ok_or_else(|| self.unexpected_at(start, PAIR))
    }

    /// The four digits after the `u` that is next.
    fn hex_unit(&mut self) -> Result<u32, Fault> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or_else(|| self.unexpected_at(self.at, "a hexadecimal digit"))?;
            self.at += 1;
        }
        Ok(unit)
    }
}
