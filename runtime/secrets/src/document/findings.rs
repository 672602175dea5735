//! What a reader found in a text.

use std::collections::HashMap;

use super::edit::Edit;
use super::path::{NodeId, Path, PathTree};
use super::place::{HandleId, Place, Record};
use super::templates::Templates;
use super::trail::Trail;
use super::variables::Variables;
use crate::handle::Handle;

/// The handles, places and edits of a text, as its reader found them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    handles: Vec<Handle>,
    known: HashMap<Handle, HandleId>,
    records: Vec<Record>,
    edits: Vec<Edit>,
    pub(crate) paths: PathTree,
    /// Where the text may hold none, nothing is noted for them.
    may_have_templates: bool,
    templates: Templates,
}

impl Findings {
    /// Nothing found yet in this text.
    pub(crate) fn of(text: &str) -> Self {
        Self { may_have_templates: Templates::may_be_in(text), ..Self::default() }
    }

    /// The one identity of a handle in this text; of a template, in its instance.
    pub(crate) fn intern(&mut self, handle: Handle, at: &Trail<'_>) -> HandleId {
        if !self.may_have_templates || !Templates::is_one(&handle) {
            return self.identity(handle);
        }
        let Self { templates, handles, .. } = self;
        templates.intern(handle, at.instance(), |handle| {
            handles.push(handle);
            HandleId(handles.len().saturating_sub(1))
        })
    }

    fn identity(&mut self, handle: Handle) -> HandleId {
        if let Some(id) = self.known.get(&handle) {
            return *id;
        }
        let id = HandleId(self.handles.len());
        self.handles.push(handle.clone());
        self.known.insert(handle, id);
        id
    }

    /// Notes a value that is no reference: it may be what a variable stands for.
    pub(crate) fn note(&mut self, at: &Trail<'_>, value: &str) {
        if self.may_have_templates
            && let Some((instance, name)) = at.setting_of_instance()
        {
            self.templates.note(instance, name, value);
        }
    }

    /// Whether a handle means another one.
    pub(crate) fn has_templates(&self) -> bool {
        !self.templates.is_empty()
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        let handles: usize = self.handles.iter().map(|handle| handle.as_str().len()).sum();
        let each = size_of::<Record>() + size_of::<Edit>() + 4 * size_of::<Handle>();
        handles
            .saturating_add(self.paths.weight())
            .saturating_add(self.records.len().saturating_add(self.edits.len()).saturating_mul(each))
    }

    /// The same with every handle as it is meant.
    pub(super) fn expanded(mut self, variables: &Variables) -> Self {
        let mut meanings = std::mem::take(&mut self.templates).meanings(variables);
        let written = std::mem::take(&mut self.handles);
        self.known.clear();
        let mut ids = Vec::with_capacity(written.len());
        for (position, handle) in written.into_iter().enumerate() {
            let meant = meanings.remove(&HandleId(position)).unwrap_or(handle);
            ids.push(self.identity(meant));
        }
        let renumber = |id: &mut HandleId| *id = ids.get(id.0).copied().unwrap_or(*id);
        self.records.iter_mut().for_each(|record| renumber(&mut record.handle));
        self.edits.iter_mut().for_each(|edit| renumber(&mut edit.handle));
        self
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
