//! What aliases and merge keys stand for.

use std::collections::{HashMap, HashSet};
use std::ptr;

use portcullis_secrets::handle_in;

use super::{Kind, Node};

/// A document, to be looked through as agents read it. Nothing here depends on how aliases multiply: each node is looked at once.
pub(crate) struct View<'t> {
    anchors: HashMap<usize, &'t Node>,
}

impl<'t> View<'t> {
    /// Of a whole document.
    pub(crate) fn of(document: &'t Node) -> Self {
        let mut anchors = HashMap::new();
        let mut left = vec![document];
        while let Some(node) = left.pop() {
            if let Some(anchor) = node.anchor {
                anchors.insert(anchor, node);
            }
            left.extend(children(node));
        }
        Self { anchors }
    }

    /// The node of an anchor.
    pub(crate) fn anchored(&self, anchor: usize) -> Option<&'t Node> {
        self.anchors.get(&anchor).copied()
    }

    /// What a key is called, if it is no list and no map.
    pub(crate) fn name<'n>(&self, key: &'n Node) -> Option<&'n str>
    where
        't: 'n,
    {
        match &self.meant(key)?.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Names and values of a map, the last that is written down first, and then what it merges. Nothing for other nodes.
    pub(crate) fn entries(&self, map: &'t Node) -> Vec<(&'t str, &'t Node)> {
        let mut found = Vec::new();
        let Some(Node { kind: Kind::Map(_), .. }) = self.meant(map) else { return found };
        let mut seen = HashSet::new();
        let mut left = vec![map];
        while let Some(node) = left.pop().and_then(|node| self.meant(node)) {
            if !seen.insert(ptr::from_ref(node)) {
                continue;
            }
            match &node.kind {
                Kind::Map(entries) => {
                    for (key, value) in entries.iter().rev() {
                        if is_merge(key) {
                            left.push(value);
                        } else if let Some(name) = self.name(key) {
                            found.push((name, value));
                        }
                    }
                }
                Kind::List(maps) => left.extend(maps.iter().rev()),
                Kind::Scalar { .. } | Kind::Alias(_) => {}
            }
        }
        found
    }

    /// Whether a handle is among the values of a node.
    pub(crate) fn has_handle<'n>(&self, node: &'n Node) -> bool
    where
        't: 'n,
    {
        let mut seen = HashSet::new();
        let mut left = vec![node];
        while let Some(node) = left.pop() {
            match &node.kind {
                Kind::Scalar { text, .. } if handle_in(text).is_some() => return true,
                Kind::Scalar { .. } => {}
                Kind::Alias(anchor) if seen.insert(*anchor) => left.extend(self.anchored(*anchor)),
                Kind::Alias(_) => {}
                Kind::List(items) => left.extend(items),
                Kind::Map(entries) => left.extend(entries.iter().map(|(_, value)| value)),
            }
        }
        false
    }

    /// The node itself, or what it is an alias of.
    pub(crate) fn meant<'n>(&self, node: &'n Node) -> Option<&'n Node>
    where
        't: 'n,
    {
        match node.kind {
            Kind::Alias(anchor) => self.anchored(anchor),
            _ => Some(node),
        }
    }
}

/// Its entries are entries of the map that it is in.
fn is_merge(key: &Node) -> bool {
    matches!(&key.kind, Kind::Scalar { text, plain: true } if text == "<<") && key.tag.is_none()
}

fn children(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
        Kind::Scalar { .. } | Kind::Alias(_) => Vec::new(),
    }
}
