//! A YAML text as a tree that can be changed and written down again.
//!
//! * `read`: the text as a tree. `write`: the tree as a text, in one style, whatever it was written in.
//!
//! Comments, styles and the names of anchors go. What a value is stays: a number is no string afterwards.

mod read;
mod write;

use thiserror::Error;

pub(crate) use read::read;
pub(crate) use write::{escaped, written};

/// How many lists and maps may be inside each other.
pub(crate) const MAX_DEPTH: usize = 128;

/// A piece of a document.
#[derive(Default)]
pub(crate) struct Node {
    pub(crate) anchor: Option<usize>,
    pub(crate) kind: Kind,
}

/// What it is.
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
pub(crate) enum TreeError {
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
