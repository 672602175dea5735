//! A YAML text as a tree that can be changed and written down again.
//!
//! * `read`: the text as a tree. `write`: the tree as a text, in one style, whatever it was written in. `tag`: how tags are
//!   written.
//! * `view`: what aliases and merge keys stand for. `edit`: a value at a path.
//!
//! Comments, styles and the names of anchors go. What a value is stays: a number is no string afterwards.

mod edit;
mod read;
mod tag;
mod view;
mod write;

use thiserror::Error;

pub(crate) use edit::{heal, set};
pub(crate) use read::{For, read};
pub(crate) use view::View;
pub(crate) use write::{escaped, written};

/// How many lists and maps may be inside each other.
pub(crate) const MAX_DEPTH: usize = 128;

/// A piece of a document.
#[derive(Clone, Default)]
pub(crate) struct Node {
    pub(crate) anchor: Option<usize>,
    /// As it is written.
    pub(crate) tag: Option<String>,
    pub(crate) kind: Kind,
}

/// What it is.
#[derive(Clone)]
pub(crate) enum Kind {
    /// A string, or if it is `plain` perhaps a number, a truth or nothing.
    Scalar { text: String, plain: bool },
    /// What the anchor of this number stands for.
    Alias(usize),
    /// Items.
    List(Vec<Node>),
    /// Keys and their values.
    Map(Vec<(Node, Node)>),
}

/// A text that cannot be read or written as a tree. The message has no byte of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// No text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// No YAML.
    #[error("line {line} is not YAML")]
    NotYaml {
        /// From 1.
        line: usize,
    },
    /// Nested too deep.
    #[error("more than {limit} lists and maps are nested in each other")]
    TooDeep {
        /// How many may be.
        limit: usize,
    },
    /// Too long, as it would be written.
    #[error("it would take more than {limit} bytes")]
    TooLong {
        /// How many it may take.
        limit: usize,
    },
}

impl Default for Kind {
    fn default() -> Self {
        Self::Scalar { text: String::new(), plain: true }
    }
}

impl From<Kind> for Node {
    fn from(kind: Kind) -> Self {
        Self { anchor: None, tag: None, kind }
    }
}

impl Node {
    /// A string.
    pub(crate) fn string(text: &str) -> Self {
        Kind::Scalar { text: text.to_owned(), plain: false }.into()
    }

    /// A key of this name.
    pub(crate) fn key(name: &str) -> Self {
        // Without quotes where no reader takes it for anything else.
        let word = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
            .iter()
            .any(|word| name.eq_ignore_ascii_case(word));
        let plain = !word && name.starts_with(|first: char| first.is_ascii_alphabetic());
        Kind::Scalar { text: name.to_owned(), plain }.into()
    }

    /// It is nothing. The parser gives `~` for what is not there.
    pub(crate) fn is_null(&self) -> bool {
        self.tag.is_none() && matches!(&self.kind, Kind::Scalar { text, plain: true } if is_nothing(text))
    }
}

/// What a plain scalar says where there is nothing.
pub(crate) fn is_nothing(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}
