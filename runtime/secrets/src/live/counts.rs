//! What metrics count. No label of them is a handle.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::answers::Reason;
use crate::group::Group;
use crate::refresh::BreakerState;

use super::inner::Inner;

/// Counters since the start, and sizes as they are now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Failed answers by reason, each handle of each fetch.
    pub resolve_errors: BTreeMap<Reason, u64>,
    /// Refreshes that had something to do: all of it done.
    pub refreshes_complete: u64,
    /// Refreshes in which something failed.
    pub refreshes_incomplete: u64,
    /// Fetches by group.
    pub fetches: BTreeMap<Group, FetchCounts>,
    /// How each group that was ever asked is doing.
    pub breakers: BTreeMap<Group, BreakerState>,
    /// Handles in use, resolved or not.
    pub handles: usize,
    /// Places in use.
    pub places: usize,
    /// Configurations that use handles.
    pub origins: usize,
    /// Values kept.
    pub cached: usize,
    /// Handles in use whose value could not be fetched again.
    pub stale: usize,
    /// Handles in use whose last fetch failed.
    pub failing: usize,
    /// Handles that are being fetched.
    pub in_flight: usize,
    /// Subscribers to changes.
    pub subscribers: usize,
}

/// The fetches of one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FetchCounts {
    /// How many are over.
    pub done: u64,
    /// Of these, how many did not reach the store.
    pub unreachable: u64,
    /// How long they took together.
    pub time: Duration,
}

/// The counters of the state.
#[derive(Debug, Default)]
pub(super) struct Tally {
    errors: BTreeMap<Reason, u64>,
    complete: u64,
    incomplete: u64,
    fetches: BTreeMap<Group, FetchCounts>,
}

impl Tally {
    pub(super) fn failed(&mut self, reason: Reason) {
        count(self.errors.entry(reason).or_default());
    }

    pub(super) fn refreshed(&mut self, complete: bool) {
        count(if complete { &mut self.complete } else { &mut self.incomplete });
    }

    pub(super) fn fetched(&mut self, group: &Group, reached: bool, took: Option<Duration>) {
        let counts = self.fetches.entry(group.clone()).or_default();
        count(&mut counts.done);
        if !reached {
            count(&mut counts.unreachable);
        }
        counts.time = counts.time.saturating_add(took.unwrap_or_default());
    }
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

pub(super) fn of(inner: &Inner) -> Counts {
    let subscribers = inner.subscribers().count();
    let state = inner.state();
    Counts {
        resolve_errors: state.tally.errors.clone(),
        refreshes_complete: state.tally.complete,
        refreshes_incomplete: state.tally.incomplete,
        fetches: state.tally.fetches.clone(),
        breakers: state.breaker_states(),
        handles: state.places.handle_count(),
        places: state.places.count(),
        origins: state.places.origin_count(),
        cached: state.cache.count(),
        stale: state.stale().count(),
        failing: state.failures.count(),
        in_flight: state.flights.len(),
        subscribers,
    }
}
