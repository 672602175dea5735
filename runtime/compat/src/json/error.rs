//! What can be wrong with a JSON text, in the words of Go.

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

/// What kind of JSON value stood where another type was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A number too large for a 64-bit float, with its text.
    HugeNumber(String),
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "bool",
            Self::Number => "number",
            Self::HugeNumber(text) => return write!(f, "number {text}"),
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        })
    }
}

/// A value of one type where another is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    found: Found,
    field: Option<&'static str>,
    wanted: &'static str,
}

impl TypeError {
    /// `wanted` is a Go type (`string`, `map[string]string`).
    pub(crate) fn new(found: Found, wanted: &'static str) -> Self {
        Self { found, field: None, wanted }
    }

    /// The same, in a field of a Go structure (`Input.secrets`).
    pub(crate) fn in_field(found: Found, field: &'static str, wanted: &'static str) -> Self {
        Self { found, field: Some(field), wanted }
    }

    /// What stood there.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "json: cannot unmarshal {} into Go ", self.found)?;
        match self.field {
            None => write!(f, "value of type {}", self.wanted),
            Some(field) => write!(f, "struct field {field} of type {}", self.wanted),
        }
    }
}

impl std::error::Error for TypeError {}

/// Why a JSON text could not be decoded into a given form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// It is not JSON.
    Syntax(SyntaxError),
    /// It is, but not of the form that is wanted. The first such place.
    Type(TypeError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Type(error) => error.fmt(f),
        }
    }
}

// The text of the cause is the text of the error: naming it as the source as well would print it twice.
impl std::error::Error for Error {}

impl From<SyntaxError> for Error {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

impl From<TypeError> for Error {
    fn from(error: TypeError) -> Self {
        Self::Type(error)
    }
}
