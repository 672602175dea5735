//! Which handle is used where: found by handle and by origin alike.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::handle::Handle;
use crate::setting_path::SettingPath;

/// The paths of one handle, by the name of their origin.
pub(super) type Uses = BTreeMap<Arc<str>, BTreeSet<SettingPath>>;

/// Every place in use.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_handle: HashMap<Handle, Uses>,
    by_origin: HashMap<Arc<str>, HashSet<Handle>>,
    count: usize,
}

impl Places {
    /// Adds a place; says whether it is a new one.
    pub(super) fn add(&mut self, handle: &Handle, origin: &Arc<str>, path: SettingPath) -> bool {
        let uses = match self.by_handle.get_mut(handle) {
            Some(uses) => uses,
            None => self.by_handle.entry(handle.clone()).or_default(),
        };
        let paths = match uses.get_mut(origin) {
            Some(paths) => paths,
            None => {
                self.by_origin.entry(origin.clone()).or_default().insert(handle.clone());
                uses.entry(origin.clone()).or_default()
            }
        };
        let new = paths.insert(path);
        self.count = self.count.saturating_add(usize::from(new));
        new
    }

    /// Removes the places of an origin that are not to be kept; says which handles lost one, and which of them nobody uses
    /// any more.
    pub(super) fn retain(
        &mut self,
        origin: &str,
        keep: impl Fn(&Handle, &SettingPath) -> bool,
    ) -> (Vec<Handle>, Vec<Handle>) {
        let Self { by_handle, by_origin, count } = self;
        let (mut moved, mut orphans) = (Vec::new(), Vec::new());
        let Some(used) = by_origin.get_mut(origin) else { return (moved, orphans) };
        used.retain(|handle| {
            let Some(uses) = by_handle.get_mut(handle) else { return false };
            let Some(paths) = uses.get_mut(origin) else { return false };
            let before = paths.len();
            paths.retain(|path| keep(handle, path));
            let removed = before.saturating_sub(paths.len());
            if removed > 0 {
                *count = count.saturating_sub(removed);
                moved.push(handle.clone());
            }
            if !paths.is_empty() {
                return true;
            }
            uses.remove(origin);
            if uses.is_empty() {
                by_handle.remove(handle);
                orphans.push(handle.clone());
            }
            false
        });
        if used.is_empty() {
            by_origin.remove(origin);
        }
        (moved, orphans)
    }

    /// Where a handle is used.
    pub(super) fn of(&self, handle: &Handle) -> impl Iterator<Item = (&Arc<str>, &SettingPath)> {
        let uses = self.by_handle.get(handle).into_iter().flatten();
        uses.flat_map(|(origin, paths)| paths.iter().map(move |path| (origin, path)))
    }

    /// The names of the configurations that use a handle, sorted.
    pub(super) fn origins_of(&self, handle: &Handle) -> impl Iterator<Item = &Arc<str>> {
        self.by_handle.get(handle).into_iter().flat_map(BTreeMap::keys)
    }

    pub(super) fn uses(&self, handle: &Handle) -> bool {
        self.by_handle.contains_key(handle)
    }

    /// Every handle in use, in no order.
    pub(super) fn handles(&self) -> impl Iterator<Item = &Handle> {
        self.by_handle.keys()
    }

    pub(super) fn handle_count(&self) -> usize {
        self.by_handle.len()
    }

    pub(super) fn origin_count(&self) -> usize {
        self.by_origin.len()
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }
}
