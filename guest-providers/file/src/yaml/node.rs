//! What a key or a value turned out to be.

use std::collections::BTreeMap;
use std::rc::Rc;

use granit_parser::Tag;

use super::scalar::short;

/// Keys and values in their order, shared by all who merge them.
pub(super) type Entries = Rc<[(Rc<str>, Rc<str>)]>;

/// A node, as far as a flat map of strings needs it.
#[derive(Clone)]
pub(super) enum Node {
    /// A scalar's string; `None` where it has none, which is noted already.
    Text(Option<Rc<str>>),
    /// A map, and its entries if it was merged.
    Map(Place, Option<Entries>),
    /// A list.
    List(Place),
}

impl Node {
    /// A map of which nothing is kept.
    pub(super) fn map(line: usize, tag: Option<&Tag>) -> Self {
        Self::Map(Place::new(line, "!!map", tag), None)
    }

    /// A list.
    pub(super) fn list(line: usize, tag: Option<&Tag>) -> Self {
        Self::List(Place::new(line, "!!seq", tag))
    }
}

/// A collection, as a message names it.
#[derive(Clone)]
pub(super) struct Place {
    /// Where it begins, from 1.
    pub(super) line: usize,
    /// Its short tag.
    pub(super) tag: Rc<str>,
}

impl Place {
    fn new(line: usize, default: &str, tag: Option<&Tag>) -> Self {
        Self { line, tag: tag.map_or_else(|| default.into(), |tag| short(tag).into()) }
    }
}

/// The nodes that an alias can name, by the parser's numbers.
#[derive(Default)]
pub(super) struct Anchors(BTreeMap<usize, Node>);

impl Anchors {
    /// Keeps a node if it has an anchor: 0 is none. A later node of the same number takes its place.
    pub(super) fn keep(&mut self, anchor: usize, node: impl FnOnce() -> Node) {
        if anchor != 0 {
            self.0.insert(anchor, node());
        }
    }

    /// The node that an alias names. The parser has refused aliases of nothing.
    pub(super) fn get(&self, alias: usize) -> Node {
        self.0.get(&alias).cloned().unwrap_or(Node::Text(None))
    }
}
