//! JSON of a type that is not wanted, in the words of Go.

use std::fmt;

use super::cursor::Kind;

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

impl From<Kind> for Found {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bool,
            Kind::Number => Self::Number,
            // A null fits every Go type, so it is never what was wrong.
            Kind::String | Kind::Null => Self::String,
            Kind::Array => Self::Array,
            Kind::Object => Self::Object,
        }
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
