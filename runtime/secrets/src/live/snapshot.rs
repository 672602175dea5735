//! What status shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::handle::Handle;
use crate::one_line::OneLine;
use crate::setting_path::SettingPath;

use super::counts::Counts;
use super::failures::ResolutionFailure;
use super::inner::Inner;

/// Everything known at one moment, but for the values.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Whether there is a backend.
    pub enabled: bool,
    /// Every handle in use, resolved or not, with origin and path of its places; all sorted.
    pub handles: BTreeMap<Handle, Vec<(Arc<str>, SettingPath)>>,
    /// The lines of "Secrets not resolved", sorted: failures that last, and handles out of scope. One line each, with
    /// what the backend said.
    pub unresolved: BTreeSet<String>,
    /// The failures, one for each place, sorted. With nothing that a backend said.
    pub failures: Vec<ResolutionFailure>,
    /// The handles in use whose value could not be fetched again, and since when.
    pub stale: BTreeMap<Handle, SystemTime>,
    /// When values are fetched again.
    pub refresh: RefreshStatus,
    /// How much there is.
    pub counts: Counts,
}

/// When values are fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshStatus {
    /// The time between two periodic refreshes; `None` if they are off.
    pub interval: Option<Duration>,
    /// The time from the start to the first; `None` if they are off.
    pub first_after: Option<Duration>,
    /// Whether that time is random.
    pub scattered: bool,
    /// The time from now to the next; `None` if they are off, or not begun.
    pub next_in: Option<Duration>,
    /// Whether refreshes may be requested.
    pub on_request: bool,
    /// The last one that had something to do.
    pub last: Option<LastRefresh>,
}

/// A refresh that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastRefresh {
    /// When it was over.
    pub at: SystemTime,
    /// Whether nothing failed.
    pub complete: bool,
}

pub(super) fn of(inner: &Inner) -> Snapshot {
    let counts = super::counts::of(inner);
    let schedule = inner.schedule().clone();
    let now = inner.clock.now();
    let state = inner.state();
    let mut handles: BTreeMap<Handle, Vec<_>> = BTreeMap::new();
    for handle in state.places.handles() {
        let places = state.places.of(handle).map(|(origin, path)| (origin.clone(), path.clone()));
        handles.insert(handle.clone(), places.collect());
    }
    let mut unresolved: BTreeSet<String> =
        state.refused.values().flat_map(BTreeMap::values).map(ToString::to_string).collect();
    for (handle, failed) in state.failures.iter() {
        for origin in state.places.origins_of(handle) {
            let shown = state.shown(origin);
            let failure = &failed.fault.failure;
            unresolved.insert(format!("'{}' handle \"{handle}\": {failure}", OneLine(&shown)));
        }
    }
    Snapshot {
        enabled: inner.backend.is_some(),
        handles,
        unresolved,
        failures: state.resolution_failures(),
        stale: state.stale().map(|(handle, since)| (handle.clone(), since)).collect(),
        refresh: RefreshStatus {
            interval: schedule.interval(),
            first_after: schedule.first(),
            scattered: schedule.scattered(),
            next_in: schedule.next().map(|tick| tick.since(now)),
            on_request: schedule.takes_requests(),
            last: state.last_refresh,
        },
        counts,
    }
}
