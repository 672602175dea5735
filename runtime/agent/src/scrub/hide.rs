//! The tree without secrets.

use std::collections::BTreeSet;

use portcullis_secrets::{SettingPath, handle_in, mask};

use super::keys::{self, Rule};
use super::known::KnownValues;
use super::{HIDDEN, words};
use crate::tree::{Kind, Node, is_nothing};

/// Hides what must not be shown of the documents of a text. The depth of trees is bounded, so this may call itself.
pub(super) fn hide(
    documents: &mut [Node],
    keys: &BTreeSet<String>,
    resolved: &[SettingPath],
    known: &KnownValues,
) {
    let resolved = resolved.iter().map(SettingPath::elements).collect();
    let mut hiding = Hiding { keys, resolved, known, path: Vec::new(), gone: BTreeSet::new() };
    for document in documents {
        hiding.node(document, Rule::Show, false);
    }
}

struct Hiding<'h> {
    keys: &'h BTreeSet<String>,
    resolved: BTreeSet<&'h [String]>,
    known: &'h KnownValues,
    /// Where we are, in the elements of a [`SettingPath`].
    path: Vec<String>,
    /// Anchors that went with what was around them.
    gone: BTreeSet<usize>,
}

impl Hiding<'_> {
    /// `merged` are the value of a merge key and its items, which are no elements of a path.
    fn node(&mut self, node: &mut Node, rule: Rule, merged: bool) {
        match rule {
            Rule::Hide => return self.hide_whole(node),
            Rule::Mask => return self.mask(node),
            Rule::Endpoints if matches!(node.kind, Kind::Map(_)) => return self.hide_leaves(node),
            Rule::Endpoints | Rule::Show => {}
        }
        match &mut node.kind {
            Kind::Scalar { text, plain } => {
                if self.resolved.contains(self.path.as_slice()) {
                    hidden(text, plain);
                } else {
                    self.clean(text, plain);
                }
            }
            Kind::Alias(anchor) => {
                if self.gone.contains(anchor) || self.resolved.contains(self.path.as_slice()) {
                    node.kind = hidden_scalar();
                }
            }
            Kind::List(items) => {
                for (position, item) in items.iter_mut().enumerate() {
                    let element = (!merged || is_leaf(item)).then(|| position.to_string());
                    self.below(element, item, Rule::Show, merged);
                }
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    self.entry(key, value);
                }
            }
        }
    }

    fn entry(&mut self, key: &mut Node, value: &mut Node) {
        let name = match &key.kind {
            Kind::Scalar { text, .. } => text.clone(),
            Kind::Alias(_) => "*".to_owned(),
            Kind::List(_) => "[…]".to_owned(),
            Kind::Map(_) => "{…}".to_owned(),
        };
        let merged = name == "<<" && matches!(key.kind, Kind::Scalar { plain: true, .. }) && !is_leaf(value);
        let rule = keys::rule(&name, self.keys);
        // A key is no place of a handle, but may have a secret inside.
        let path = std::mem::take(&mut self.path);
        let resolved = std::mem::take(&mut self.resolved);
        self.node(key, Rule::Show, false);
        (self.path, self.resolved) = (path, resolved);
        self.below((!merged).then_some(name), value, rule, merged);
    }

    fn below(&mut self, element: Option<String>, node: &mut Node, rule: Rule, merged: bool) {
        let depth = self.path.len();
        self.path.extend(element);
        self.node(node, rule, merged);
        self.path.truncate(depth);
    }

    /// All of it, but for a reference that was not resolved.
    fn hide_whole(&mut self, node: &mut Node) {
        if self.is_reference(node) {
            return;
        }
        self.forget_anchors(node);
        node.kind = hidden_scalar();
    }

    fn mask(&mut self, node: &mut Node) {
        if self.is_reference(node) {
            return;
        }
        match &mut node.kind {
            Kind::Scalar { text, .. } if text.trim().is_empty() => {}
            Kind::Scalar { text, plain } if !(*plain && is_no_string(text)) => {
                *text = mask(text.trim());
                *plain = false;
            }
            _ => self.hide_whole(node),
        }
    }

    fn hide_leaves(&mut self, node: &mut Node) {
        match &mut node.kind {
            Kind::List(items) => {
                for (position, item) in items.iter_mut().enumerate() {
                    self.path.push(position.to_string());
                    self.hide_leaves(item);
                    self.path.pop();
                }
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    if let Kind::Scalar { text, plain } = &mut key.kind {
                        let name = text.clone();
                        self.clean(text, plain);
                        self.path.push(name);
                        self.hide_leaves(value);
                        self.path.pop();
                    } else {
                        self.hide_whole(key);
                        self.hide_whole(value);
                    }
                }
            }
            Kind::Scalar { text, plain: true } if is_nothing(text) => {}
            _ => self.hide_whole(node),
        }
    }

    /// A string without the secrets in it.
    fn clean(&self, text: &mut String, plain: &mut bool) {
        let reference = handle_in(text).is_some();
        let cleaned =
            if reference { self.known.hide_in(text) } else { self.known.hide_in(&words::hide(text)) };
        if cleaned != *text {
            *text = cleaned;
            *plain = false;
        }
    }

    /// A value that came from a handle may look like another.
    fn is_reference(&self, node: &Node) -> bool {
        let Kind::Scalar { text, .. } = &node.kind else { return false };
        handle_in(text).is_some()
            && !self.resolved.contains(self.path.as_slice())
            && self.known.hide_in(text) == *text
    }

    fn forget_anchors(&mut self, node: &Node) {
        let mut left: Vec<&Node> = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next {
            match &node.kind {
                Kind::List(items) => left.extend(items),
                Kind::Map(entries) => left.extend(entries.iter().flat_map(|(key, value)| [key, value])),
                Kind::Scalar { .. } | Kind::Alias(_) => {}
            }
            next = left.pop();
            self.gone.extend(next.and_then(|node| node.anchor));
        }
    }
}

fn is_leaf(node: &Node) -> bool {
    matches!(node.kind, Kind::Scalar { .. })
}

fn hidden(text: &mut String, plain: &mut bool) {
    HIDDEN.clone_into(text);
    *plain = false;
}

fn hidden_scalar() -> Kind {
    Kind::Scalar { text: HIDDEN.to_owned(), plain: false }
}

/// A number, a truth or nothing, as far as that matters here.
fn is_no_string(text: &str) -> bool {
    text.parse::<f64>().is_ok()
        || is_nothing(text)
        || matches!(text.to_ascii_lowercase().as_str(), "true" | "false")
}
