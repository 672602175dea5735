//! Why a text could not be scanned.

use crate::one_line::OneLine;

/// A text that could not be scanned: where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}:{column}: {kind}", OneLine(.name))]
pub struct ScanError {
    /// The text's name, as given to the scan.
    name: String,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
    /// What is wrong there.
    kind: ScanErrorKind,
}

impl ScanError {
    pub(crate) fn new(name: &str, line: usize, column: usize, kind: ScanErrorKind) -> Self {
        Self { name: name.to_owned(), line, column, kind }
    }

    /// The text's name, as given to the scan.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the fault, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column of the fault, in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong there.
    #[must_use]
    pub fn kind(&self) -> &ScanErrorKind {
        &self.kind
    }
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanErrorKind {
    /// A byte that is not UTF-8.
    #[error("byte 0x{byte:02x} is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// The first byte of the sequence that is not UTF-8.
        byte: u8,
    },
    /// UTF-16 or UTF-32.
    #[error("the file looks like UTF-16 or UTF-32; save it as UTF-8")]
    WideEncoding,
    /// Not YAML.
    #[error("not valid YAML: {}{}", OneLine(.message), .hint.unwrap_or(""))]
    Yaml {
        /// What the parser says.
        message: String,
        /// What to do, where the cause can be guessed.
        hint: Option<&'static str>,
    },
    /// Not JSON.
    #[error("not valid JSON: expected {expected}, found {found}")]
    Json {
        /// What could have come here.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// More containers inside each other than are read.
    #[error("more than {limit} lists and maps inside each other; flatten the file")]
    TooDeep {
        /// How many are read.
        limit: usize,
    },
}
