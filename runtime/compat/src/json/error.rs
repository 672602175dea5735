//! Everything that can be wrong with a JSON text.

use std::fmt;

use super::syntax_error::SyntaxError;
use super::type_error::TypeError;

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
