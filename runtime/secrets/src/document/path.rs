//! Where in the tree of a document a value sits.

use std::fmt::{self, Debug, Display, Formatter, Write as _};

use crate::one_line::OneLine;

/// The way from a document's root to a value: map keys as they are, list positions from 0.
///
/// Displayed joined with `/` and on one line: `instances/0/password`. A key that is itself a list or a map is shown
/// as `[…]` or `{…}`. A merge key (`<<`) is not an element: what it merges appears where it is merged in.
#[derive(Clone, Copy)]
pub struct Path<'d> {
    tree: &'d PathTree,
    last: NodeId,
}

impl Path<'_> {
    /// The elements from the root down; a list position is its decimal number.
    #[must_use]
    pub fn elements(&self) -> Vec<String> {
        let mut elements: Vec<String> = self.tree.upwards(self.last).map(ToString::to_string).collect();
        elements.reverse();
        elements
    }
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut elements: Vec<&Element> = self.tree.upwards(self.last).collect();
        elements.reverse();
        for (position, element) in elements.into_iter().enumerate() {
            if position > 0 {
                f.write_char('/')?;
            }
            match element {
                Element::Key(key) => Display::fmt(&OneLine(key), f)?,
                Element::Index(index) => Display::fmt(index, f)?,
            }
        }
        Ok(())
    }
}

impl Debug for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

/// One step of a path.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    Key(Box<str>),
    Index(usize),
}

impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => Display::fmt(key, f),
            Self::Index(index) => Display::fmt(index, f),
        }
    }
}

/// A place in a [`PathTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// All paths of a document, with shared beginnings stored once: memory grows with the text, however deep it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathTree {
    nodes: Vec<(Option<NodeId>, Element)>,
}

impl PathTree {
    pub(crate) fn add(&mut self, parent: Option<NodeId>, element: Element) -> NodeId {
        self.nodes.push((parent, element));
        NodeId(self.nodes.len() - 1)
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        let text = |element: &Element| match element {
            Element::Key(key) => key.len(),
            Element::Index(_) => 0,
        };
        let texts: usize = self.nodes.iter().map(|(_, element)| text(element)).sum();
        texts.saturating_add(self.nodes.len().saturating_mul(size_of::<(Option<NodeId>, Element)>()))
    }

    pub(crate) fn path(&self, last: NodeId) -> Path<'_> {
        Path { tree: self, last }
    }

    /// Adds a copy of the way from `from` to `node`, below `to`; says how many elements that took.
    ///
    /// `None` if it takes more than `limit` elements, or if the way does not lead through `from`.
    pub(crate) fn transplant(
        &mut self,
        node: NodeId,
        from: Option<NodeId>,
        to: Option<NodeId>,
        limit: usize,
    ) -> Option<(NodeId, usize)> {
        let mut elements = Vec::new();
        let mut next = Some(node);
        while next != from {
            let (parent, element) = self.nodes.get(next?.0)?;
            if elements.len() == limit {
                return None;
            }
            elements.push(element.clone());
            next = *parent;
        }
        let added = elements.len();
        let last = elements.into_iter().rev().fold(to, |parent, element| Some(self.add(parent, element)))?;
        Some((last, added))
    }

    fn upwards(&self, last: NodeId) -> impl Iterator<Item = &Element> {
        let mut next = Some(last);
        std::iter::from_fn(move || {
            let (parent, element) = self.nodes.get(next?.0)?;
            next = *parent;
            Some(element)
        })
    }
}
