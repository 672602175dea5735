//! A text that is not JSON, in the words of Go.

use std::fmt;

use super::quote::quote_byte;

/// A text that is not JSON.
///
/// ```
/// let error = portcullis_compat::json::parse(br#"{"a":"1",}"#).unwrap_err();
/// assert_eq!(error.to_string(), "invalid character '}' looking for beginning of object key string");
/// assert_eq!(error.offset(), 9);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    fault: Fault,
    offset: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    UnexpectedEnd,
    Unexpected { byte: u8, context: Context },
}

/// Where the reader was when a byte did not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    Value,
    Key,
    AfterKey,
    AfterMember,
    AfterElement,
    AfterTop,
    String,
    Escape,
    HexEscape,
    Number,
    Fraction,
    Exponent,
    Literal { word: &'static str, expected: u8 },
    Depth,
}

impl SyntaxError {
    pub(super) fn unexpected_end(offset: usize) -> Self {
        Self { fault: Fault::UnexpectedEnd, offset }
    }

    pub(super) fn unexpected(byte: u8, context: Context, offset: usize) -> Self {
        Self { fault: Fault::Unexpected { byte, context }, offset }
    }

    /// How many bytes lie before the one that did not fit; the length of the text if it ended too soon.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::UnexpectedEnd => f.write_str("unexpected end of JSON input"),
            Fault::Unexpected { byte, context } => {
                write!(f, "invalid character {} {context}", quote_byte(byte))
            }
        }
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "looking for beginning of value",
            Self::Key => "looking for beginning of object key string",
            Self::AfterKey => "after object key",
            Self::AfterMember => "after object key:value pair",
            Self::AfterElement => "after array element",
            Self::AfterTop => "after top-level value",
            Self::String => "in string literal",
            Self::Escape => "in string escape code",
            Self::HexEscape => "in \\u hexadecimal character escape",
            Self::Number => "in numeric literal",
            Self::Fraction => "after decimal point in numeric literal",
            Self::Exponent => "in exponent of numeric literal",
            Self::Depth => "exceeded max depth",
            Self::Literal { word, expected } => {
                return write!(f, "in literal {word} (expecting '{}')", char::from(*expected));
            }
        })
    }
}

impl std::error::Error for SyntaxError {}
