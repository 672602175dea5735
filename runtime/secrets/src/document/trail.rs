//! The path of the value that a reader is at.

use std::borrow::Cow;

use super::path::{Element, NodeId, PathTree};
use super::templates::Instance;

/// The steps from the root to the current value, one for each open container.
///
/// A path is put into the [`PathTree`] only when something is found at its end, and only the part that is not there
/// yet, so a document costs the same however deep it is.
#[derive(Default)]
pub(crate) struct Trail<'t> {
    steps: Vec<Step<'t>>,
    /// How many steps, from the root, have their node in the tree.
    known: usize,
    /// How many documents were left.
    document: usize,
}

struct Step<'t> {
    to: To<'t>,
    node: Option<NodeId>,
}

enum To<'t> {
    Key(Cow<'t, str>),
    Index(usize),
    /// Into what a merge key merges: not an element of the path.
    Merged,
}

impl<'t> Trail<'t> {
    /// Enters a list, before its first item.
    pub(crate) fn enter_list(&mut self) {
        self.steps.push(Step { to: To::Index(0), node: None });
    }

    /// Enters a map, before its first key.
    pub(crate) fn enter_map(&mut self) {
        self.steps.push(Step { to: To::Key(Cow::Borrowed("")), node: None });
    }

    /// Leaves the innermost container.
    pub(crate) fn leave(&mut self) {
        self.steps.pop();
        self.known = self.known.min(self.steps.len());
        if self.steps.is_empty() {
            self.document = self.document.saturating_add(1);
        }
    }

    /// Goes to the value of a key of the innermost map.
    pub(crate) fn key(&mut self, key: Cow<'t, str>) {
        self.go(To::Key(key));
    }

    /// Goes to an item of the innermost list.
    pub(crate) fn index(&mut self, index: usize) {
        self.go(To::Index(index));
    }

    /// Makes the innermost step disappear from paths, until the next one.
    pub(crate) fn merge(&mut self) {
        self.go(To::Merged);
    }

    /// The instance of a check that the current value is in.
    pub(crate) fn instance(&self) -> Option<Instance> {
        match self.steps.as_slice() {
            [Step { to: To::Key(key), .. }, Step { to: To::Index(index), .. }, ..] if key == "instances" => {
                Some(Instance { document: self.document, index: *index })
            }
            _ => None,
        }
    }

    /// The instance whose own setting the current value is, and the setting's name.
    pub(crate) fn setting_of_instance(&self) -> Option<(Instance, &str)> {
        match self.steps.as_slice() {
            [_, _, Step { to: To::Key(name), .. }] => Some((self.instance()?, name)),
            _ => None,
        }
    }

    fn go(&mut self, to: To<'t>) {
        if let Some(step) = self.steps.last_mut() {
            step.to = to;
            self.known = self.known.min(self.steps.len() - 1);
        }
    }

    /// The node of the current value; `None` at the root.
    pub(crate) fn node(&mut self, tree: &mut PathTree) -> Option<NodeId> {
        let mut parent = self.known.checked_sub(1).and_then(|last| self.steps.get(last)?.node);
        for step in self.steps.iter_mut().skip(self.known) {
            let element = match &step.to {
                To::Key(key) => Some(Element::Key(key.as_ref().into())),
                To::Index(index) => Some(Element::Index(*index)),
                To::Merged => None,
            };
            parent = element.map(|element| tree.add(parent, element)).or(parent);
            step.node = parent;
        }
        self.known = self.steps.len();
        parent
    }
}
