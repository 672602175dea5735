//! Reading values off a text that is known to be JSON.

use super::check::Checked;
use super::unquote::unquote;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// A place in a checked text. As the text is known to be JSON, no step can fail.
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(checked: Checked<'a>) -> Self {
        Self { rest: checked.text() }
    }

    /// The kind of the value that comes next.
    pub(crate) fn kind(&mut self) -> Kind {
        self.skip_space();
        match self.rest.first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// Enters the array or object that comes next.
    pub(crate) fn enter(&mut self) {
        self.skip_space();
        self.advance(1);
    }

    /// Goes to the next element or member of what was entered, or leaves it and says no.
    pub(crate) fn more(&mut self) -> bool {
        self.skip_space();
        match self.rest.first() {
            None => false,
            Some(b']' | b'}') => {
                self.advance(1);
                false
            }
            Some(b',') => {
                self.advance(1);
                true
            }
            Some(_) => true,
        }
    }

    /// The key of a member; its value comes next.
    pub(crate) fn key(&mut self) -> String {
        let key = self.string();
        self.skip_space();
        self.advance(1);
        key
    }

    /// A string.
    pub(crate) fn string(&mut self) -> String {
        unquote(self.raw_string())
    }

    /// The source text of a number, a bool or a null.
    pub(crate) fn word(&mut self) -> &'a str {
        self.skip_space();
        let end = self
            .rest
            .iter()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E'))
            .unwrap_or(self.rest.len());
        // Only ASCII was let through.
        std::str::from_utf8(self.advance(end)).unwrap_or_default()
    }

    /// Passes over a value of any kind and depth.
    pub(crate) fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            self.skip_space();
            match self.rest.first() {
                None => return,
                Some(b'{' | b'[') => {
                    self.advance(1);
                    depth += 1;
                }
                Some(b'}' | b']') => {
                    self.advance(1);
                    depth = depth.saturating_sub(1);
                }
                Some(b',' | b':') => {
                    self.advance(1);
                }
                Some(b'"') => {
                    self.raw_string();
                }
                Some(_) => {
                    self.word();
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// What is between the quotes of a string.
    fn raw_string(&mut self) -> &'a [u8] {
        self.skip_space();
        self.advance(1);
        let mut escaped = false;
        let end = self
            .rest
            .iter()
            .position(|&byte| {
                let closing = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                closing
            })
            .unwrap_or(self.rest.len());
        let inner = self.advance(end);
        self.advance(1);
        inner
    }

    fn skip_space(&mut self) {
        let end = self.rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        self.advance(end.unwrap_or(self.rest.len()));
    }

    fn advance(&mut self, by: usize) -> &'a [u8] {
        let (passed, rest) = self.rest.split_at_checked(by).unwrap_or((self.rest, &[]));
        self.rest = rest;
        passed
    }
}
