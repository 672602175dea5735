//! What a reader found in a text.

use std::collections::HashMap;

use super::edit::Edit;
use super::path::{NodeId, Path, PathTree};
use super::place::{HandleId, Place, Record};
use crate::handle::Handle;

/// The handles, places and edits of a text, as its reader found them.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    handles: Vec<Handle>,
    known: HashMap<Handle, HandleId>,
    records: Vec<Record>,
    edits: Vec<Edit>,
    pub(crate) paths: PathTree,
}

impl Findings {
    /// The one identity of a handle in this text.
    pub(crate) fn intern(&mut self, handle: Handle) -> HandleId {
        if let Some(id) = self.known.get(&handle) {
            return *id;
        }
        let id = HandleId(self.handles.len());
        self.handles.push(handle.clone());
        self.known.insert(handle, id);
        id
    }

    pub(crate) fn add_record(&mut self, record: Record) {
        self.records.push(record);
    }

    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    pub(crate) fn add_edit(&mut self, edit: Edit) {
        self.edits.push(edit);
    }

    /// Puts the edits into the order of the text: a tag is known only after the scalar behind it.
    pub(crate) fn finish(mut self) -> Self {
        self.edits.sort_by_key(|edit| edit.range.start);
        self
    }

    pub(super) fn edits(&self) -> &[Edit] {
        &self.edits
    }

    pub(super) fn handles(&self) -> &[Handle] {
        &self.handles
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a HandleId is made by intern() only, and handles are never removed"
    )]
    pub(super) fn handle(&self, id: HandleId) -> &Handle {
        &self.handles[id.0]
    }

    pub(super) fn path(&self, last: NodeId) -> Path<'_> {
        self.paths.path(last)
    }

    pub(super) fn place_count(&self) -> usize {
        self.records.len()
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.records.iter().map(|record| Place { findings: self, record })
    }
}
