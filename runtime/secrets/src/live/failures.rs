//! Why handles have no value, or only an old one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::answers::{Fault, Reason};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::setting_path::SettingPath;

/// A place whose handle could not be fetched when it was last asked for. Holds nothing that a backend said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResolutionFailure {
    /// The handle.
    pub handle: Handle,
    /// The name of the configuration.
    pub origin: Arc<str>,
    /// What it is called.
    pub origin_name: Arc<str>,
    /// Where in it.
    pub path: SettingPath,
    /// Why.
    pub reason: Reason,
    /// Whether an older value is served.
    pub has_cached_value: bool,
}

/// The last failure of each handle that is in use, until a fetch succeeds.
#[derive(Debug, Default)]
pub(super) struct Failures {
    by_handle: HashMap<Handle, Failed>,
    generation: u64,
}

/// A failure, and when the handle may be asked for again.
#[derive(Debug, Clone)]
pub(super) struct Failed {
    pub(super) fault: Fault,
    pub(super) not_before: Option<Moment>,
}

impl Failures {
    pub(super) fn insert(&mut self, handle: &Handle, failed: Failed) {
        self.by_handle.insert(handle.clone(), failed);
        self.changed();
    }

    pub(super) fn remove(&mut self, handle: &Handle) -> bool {
        let removed = self.by_handle.remove(handle).is_some();
        if removed {
            self.changed();
        }
        removed
    }

    /// The places of a failing handle are others now.
    pub(super) fn moved(&mut self, handle: &Handle) {
        if self.by_handle.contains_key(handle) {
            self.changed();
        }
    }

    fn changed(&mut self) {
        self.generation = self.generation.wrapping_add(1);
    }

    /// Another number whenever the list may be another one.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn get(&self, handle: &Handle) -> Option<&Failed> {
        self.by_handle.get(handle)
    }

    /// The failure of a handle whose store wants to be left alone for longer.
    pub(super) fn waits(&self, handle: &Handle, now: Moment) -> Option<&Failure> {
        let failed = self.by_handle.get(handle)?;
        failed.not_before.is_some_and(|moment| now < moment).then_some(&failed.fault.failure)
    }

    /// Every failing handle, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Handle, &Failed)> {
        self.by_handle.iter()
    }

    pub(super) fn count(&self) -> usize {
        self.by_handle.len()
    }
}
