//! Why a YAML file is unusable.

use std::fmt;

use granit_parser::{ErrorKind, ScanError};

/// So many faults are listed; the rest are counted.
const LISTED: usize = 20;

/// Why a YAML file is unusable, in the replaced library's words where it has them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text is not YAML.
    Syntax {
        /// From 1; `None` where the fault has no place, and on the first line, as the replaced library has it.
        line: Option<usize>,
        /// What is wrong.
        message: String,
    },
    /// It is YAML, but not a flat map of strings.
    Shape(Faults),
    /// It is YAML that means nothing, such as a merge of something that is no map.
    Meaning(String),
}

impl Error {
    /// A fault of the text as a whole.
    pub(super) fn text(message: &str) -> Self {
        Self::Syntax { line: None, message: message.to_owned() }
    }
}

impl From<ScanError> for Error {
    fn from(error: ScanError) -> Self {
        let line = Some(error.marker().line()).filter(|line| *line > 1);
        Self::Syntax { line, message: words(error.kind()) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { line: Some(line), message } => write!(f, "yaml: line {line}: {message}"),
            Self::Syntax { line: None, message } | Self::Meaning(message) => write!(f, "yaml: {message}"),
            Self::Shape(faults) => write!(f, "yaml: unmarshal errors:{faults}"),
        }
    }
}

impl std::error::Error for Error {}

/// The places where a file is not a flat map of strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    listed: Vec<String>,
    more: usize,
}

impl Faults {
    /// `found` is a short tag such as `!!map`.
    pub(super) fn add(&mut self, line: usize, found: &str, wanted: &str) {
        if self.listed.len() < LISTED {
            self.listed.push(format!("line {line}: cannot unmarshal {found} into {wanted}"));
        } else {
            self.more += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listed.iter().try_for_each(|fault| write!(f, "\n  {fault}"))?;
        if self.more > 0 { write!(f, "\n  and {} more", self.more) } else { Ok(()) }
    }
}

/// The replaced library's words for a fault, where it has any; none of them quotes the file.
fn words(kind: &ErrorKind) -> String {
    use ErrorKind as K;
    let words = match kind {
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::InvalidMappingValueWhitespace => {
            "mapping values are not allowed in this context"
        }
        K::MappingKeyNotAllowed => "mapping keys are not allowed in this context",
        K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => {
            "block sequence entries are not allowed in this context"
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => "could not find expected ':'",
        K::ExpectedBlockMappingKey | K::InvalidIndentation => "did not find expected key",
        K::ExpectedBlockSequenceEntry => "did not find expected '-' indicator",
        K::ExpectedFlowMappingSeparator | K::UnexpectedEofFlowMapping => "did not find expected ',' or '}'",
        K::ExpectedFlowSequenceSeparator | K::UnexpectedEofFlowSequence => "did not find expected ',' or ']'",
        K::ExpectedNodeContent
        | K::MisplacedFlowCollectionEnd
        | K::MismatchedFlowCollectionEnd { .. }
        | K::UnclosedFlowCollection { .. } => "did not find expected node content",
        K::UnclosedQuotedScalar => "found unexpected end of stream",
        K::DocumentIndicatorInQuotedScalar => "found unexpected document indicator",
        K::UnknownQuotedScalarEscape => "found unknown escape character",
        K::UndeclaredTagHandle => "found undefined tag handle",
        K::RecursionLimitExceeded => "exceeded max depth",
        // The replaced library names the anchor. A password that begins with `*` and has no quotes is one.
        K::UnknownAnchor => "unknown anchor referenced (a value that begins with '*' needs quotes)",
        // Its own words would quote the character.
        K::UnexpectedCharacter { .. }
        | K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabInPlainScalar => "found character that cannot start any token",
        other => return other.to_string(),
    };
    words.to_owned()
}
