//! What a splice changes.

use std::ops::Range;

use super::place::HandleId;

/// A range of the text that changes when a handle has a value.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    /// Which bytes go.
    pub(crate) range: Range<usize>,
    /// The handle on whose value the edit depends.
    pub(crate) handle: HandleId,
    /// What comes in their place.
    pub(crate) with: Replacement,
}

/// What stands in the place of the bytes that go.
#[derive(Clone, Debug)]
pub(crate) enum Replacement {
    /// The handle's value, quoted.
    Value,
    /// Nothing: a tag, or the lines below a block scalar's header.
    Nothing,
    /// This text, quoted: an alias in a key's place keeps what it said before its anchor's scalar changed.
    Text(Box<str>),
}
