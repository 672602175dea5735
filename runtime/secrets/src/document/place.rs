//! One use of a handle.

use std::fmt::{self, Debug, Formatter};

use super::findings::Findings;
use super::path::{NodeId, Path};
use crate::handle::Handle;

/// One use of a handle in a document.
///
/// A YAML alias of an anchored reference is a use of its own, at the alias. So is each alias of a container that holds
/// references, up to a bound (10,000 path elements a document), beyond which such uses are spliced but not listed.
#[derive(Clone, Copy)]
pub struct Place<'d> {
    pub(super) findings: &'d Findings,
    pub(super) record: &'d Record,
}

impl<'d> Place<'d> {
    /// The handle that is used here.
    #[must_use]
    pub fn handle(&self) -> &'d Handle {
        self.findings.handle(self.record.handle)
    }

    /// Where in the tree it is.
    #[must_use]
    pub fn path(&self) -> Path<'d> {
        self.findings.path(self.record.node)
    }

    /// The line of the scalar's (or alias's) first character, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.record.line
    }

    /// The column of that character, in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.record.column
    }
}

impl Debug for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("handle", self.handle())
            .field("path", &self.path())
            .field("line", &self.line())
            .field("column", &self.column())
            .finish()
    }
}

/// What a [`Place`] is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) handle: HandleId,
    pub(crate) node: NodeId,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The position of a handle in the document's list of unique handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct HandleId(pub(super) usize);

impl HandleId {
    pub(super) fn index(self) -> usize {
        self.0
    }
}
