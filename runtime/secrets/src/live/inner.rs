//! What all clones of a [`Live`](super::Live) share.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::runtime;
use tokio::sync::Notify;

use crate::audit::AuditSink;
use crate::backend::Backend;
use crate::clock::Clock;
use crate::group::Group;
use crate::random::Random;
use crate::refresh::{Allowlist, Schedule};

use super::failures::ResolutionFailure;
use super::gate::Gate;
use super::outbox::Outbox;
use super::rules::Rules;
use super::scans::Scans;
use super::state::State;
use super::subscribers::{OnChange, OnFailures, Subscribers, Subscription};

pub(super) struct Inner {
    /// `None`: the feature is off.
    pub(super) backend: Option<Arc<dyn Backend>>,
    /// There is one if there is a backend.
    pub(super) runtime: Option<runtime::Handle>,
    pub(super) rules: RwLock<Arc<Rules>>,
    /// The host's own, which no settings change.
    pub(super) own_allowlist: Option<Allowlist>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) audit: Option<Arc<dyn AuditSink>>,
    pub(super) state: Mutex<State>,
    pub(super) scans: Scans,
    pub(super) gates: Mutex<HashMap<Group, Gate>>,
    pub(super) subscribers: Mutex<Subscribers>,
    pub(super) outbox: Outbox,
    pub(super) schedule: Mutex<Schedule>,
    pub(super) wishes: Mutex<Wishes>,
    /// Rings when there is something new for `run`.
    pub(super) bell: Notify,
    pub(super) running: AtomicBool,
    pub(super) initial_resolution_complete: AtomicBool,
}

/// What `run` is asked to do.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// The queue of refreshes on request: there is room for one.
    pub(super) refresh: bool,
    pub(super) touched: BTreeSet<Group>,
}

impl Inner {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read_rules(&self) -> RwLockReadGuard<'_, Arc<Rules>> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write_rules(&self) -> RwLockWriteGuard<'_, Arc<Rules>> {
        self.rules.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_running(&self) -> bool {
        self.running.load(Ordering::Acquire)
    }

    pub(super) fn subscribers(&self) -> MutexGuard<'_, Subscribers> {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has_subscribers(&self) -> bool {
        self.subscribers().count() > 0
    }

    pub(super) fn request_refresh(&self) -> bool {
        if self.backend.is_none() || !self.schedule().takes_requests() {
            return false;
        }
        self.wishes().refresh = true;
        self.bell.notify_one();
        true
    }

    pub(super) fn touched(&self, group: Group) {
        self.wishes().touched.insert(group);
        self.bell.notify_one();
    }

    pub(super) fn subscribe(self: &Arc<Self>, call: OnChange) -> Subscription {
        let (id, active) = self.subscribers().add_change(call);
        Subscription { id, active, inner: Arc::downgrade(self) }
    }

    pub(super) fn on_failures(self: &Arc<Self>, call: OnFailures) -> Subscription {
        let (id, active) = self.subscribers().add_failures(call);
        self.put_failures_in_line(&self.state());
        self.tell_here();
        Subscription { id, active, inner: Arc::downgrade(self) }
    }

    pub(super) fn complete_initial_resolution(&self) {
        self.initial_resolution_complete.store(true, Ordering::Release);
        self.put_failures_in_line(&self.state());
        self.tell_here();
    }

    pub(super) fn initial_resolution_is_complete(&self) -> bool {
        self.initial_resolution_complete.load(Ordering::Acquire)
    }

    pub(super) fn failures(&self) -> Vec<ResolutionFailure> {
        self.state().resolution_failures()
    }

    pub(super) fn remove_origin(&self, name: &str) {
        self.scans.forget(name);
        {
            let mut state = self.state();
            state.remove_origin(name);
            self.put_in_line(&state, Vec::new());
        }
        self.tell_here();
    }
}
