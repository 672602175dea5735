//! What an alias stands for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::nodes::AnchorId;
use crate::document::{HandleId, NodeId};

/// What an anchor is on.
#[derive(Debug)]
pub(super) enum Anchored<'t> {
    /// A scalar that a splice leaves alone: a key, or an ordinary value.
    Scalar(Cow<'t, str>),
    /// A value that is a reference: what it says now, and its handle.
    Reference(Cow<'t, str>, HandleId),
    /// A container among the values.
    Container {
        /// Its path; `None` for the root.
        node: Option<NodeId>,
        /// The records of the uses inside it.
        records: Range<usize>,
    },
}

/// The anchors whose nodes are complete.
#[derive(Debug, Default)]
pub(super) struct Anchors<'t>(HashMap<AnchorId, Anchored<'t>>);

impl<'t> Anchors<'t> {
    pub(super) fn remember(&mut self, anchor: Option<AnchorId>, what: Anchored<'t>) {
        if let Some(anchor) = anchor {
            self.0.insert(anchor, what);
        }
    }

    /// What the alias stands for; `None` inside the very container that it names.
    pub(super) fn get(&self, anchor: AnchorId) -> Option<&Anchored<'t>> {
        self.0.get(&anchor)
    }
}
