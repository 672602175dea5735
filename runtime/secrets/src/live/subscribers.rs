//! Who is told.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use super::change::Change;
use super::failures::ResolutionFailure;
use super::inner::Inner;

/// Called with each change.
pub(super) type OnChange = Arc<dyn Fn(&Change) + Send + Sync>;

/// Called with all failures.
pub(super) type OnFailures = Arc<dyn Fn(&[ResolutionFailure], bool) + Send + Sync>;

/// Everyone who is told, in the order in which they came.
#[derive(Default)]
pub(super) struct Subscribers {
    next: u64,
    changes: BTreeMap<u64, Subscriber<OnChange>>,
    failures: BTreeMap<u64, Subscriber<OnFailures>>,
}

/// One of them, and whether it still is.
pub(super) struct Subscriber<F> {
    pub(super) call: F,
    active: Arc<AtomicBool>,
}

impl<F: Clone> Clone for Subscriber<F> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), active: self.active.clone() }
    }
}

impl<F> Subscriber<F> {
    pub(super) fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire)
    }
}

impl Subscribers {
    pub(super) fn add_change(&mut self, call: OnChange) -> (u64, Arc<AtomicBool>) {
        let (id, active) = self.ticket();
        self.changes.insert(id, Subscriber { call, active: active.clone() });
        (id, active)
    }

    pub(super) fn add_failures(&mut self, call: OnFailures) -> (u64, Arc<AtomicBool>) {
        let (id, active) = self.ticket();
        self.failures.insert(id, Subscriber { call, active: active.clone() });
        (id, active)
    }

    fn ticket(&mut self) -> (u64, Arc<AtomicBool>) {
        let id = self.next;
        self.next = id.wrapping_add(1);
        (id, Arc::new(AtomicBool::new(true)))
    }

    pub(super) fn changes(&self) -> Vec<Subscriber<OnChange>> {
        self.changes.values().cloned().collect()
    }

    pub(super) fn failures(&self) -> Vec<Subscriber<OnFailures>> {
        self.failures.values().cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    pub(super) fn has_failure_callbacks(&self) -> bool {
        !self.failures.is_empty()
    }

    fn remove(&mut self, id: u64) -> (Option<Subscriber<OnChange>>, Option<Subscriber<OnFailures>>) {
        (self.changes.remove(&id), self.failures.remove(&id))
    }
}

/// Keeps a subscriber subscribed. Once it is dropped, no further call begins.
pub struct Subscription {
    pub(super) id: u64,
    pub(super) active: Arc<AtomicBool>,
    pub(super) inner: Weak<Inner>,
}

impl Subscription {
    /// Stays subscribed for as long as the [`Live`](crate::Live) is there.
    pub fn keep(mut self) {
        self.inner = Weak::new();
        self.active = Arc::default();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.active.store(false, Ordering::Release);
        if let Some(inner) = self.inner.upgrade() {
            // What a subscriber owns is dropped with nothing locked: it may hold a subscription itself.
            let removed = inner.subscribers().remove(self.id);
            drop(removed);
        }
    }
}

impl Debug for Subscription {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
