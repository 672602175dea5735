//! Everything that is known: values, places, failures, and what is in the air.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::Moment;
use crate::failure::{Failure, FailureKind};
use crate::group::Group;
use crate::handle::Handle;
use crate::refresh::{Breaker, BreakerState, Verdict};
use crate::scope::OutOfScope;
use crate::setting_path::SettingPath;

use super::cache::Cache;
use super::counts::Tally;
use super::failures::{Failures, ResolutionFailure};
use super::flight::Flight;
use super::places::Places;
use super::snapshot::LastRefresh;

/// What the one lock guards. No method of it waits, asks or tells.
#[derive(Default)]
pub(super) struct State {
    pub(super) places: Places,
    pub(super) cache: Cache,
    pub(super) failures: Failures,
    pub(super) flights: HashMap<Handle, InFlight>,
    pub(super) origins: HashMap<Arc<str>, Known>,
    /// What each configuration may not use.
    pub(super) refused: BTreeMap<Arc<str>, BTreeMap<Handle, OutOfScope>>,
    pub(super) breakers: BTreeMap<Group, Breaker>,
    pub(super) tally: Tally,
    pub(super) last_refresh: Option<LastRefresh>,
}

/// A handle that is being fetched.
pub(super) struct InFlight {
    pub(super) flight: Arc<Flight>,
    /// The configurations that wait for it: they get the value as an answer.
    pub(super) askers: Vec<Arc<str>>,
}

/// A configuration that was resolved.
pub(super) struct Known {
    pub(super) shown: Arc<str>,
    pub(super) notify: bool,
}

impl State {
    /// Whether a handle may be asked for now: its store did not ask for time, and its group is not left alone.
    pub(super) fn may_ask(&mut self, handle: &Handle, group: &Group, now: Moment) -> Result<(), Failure> {
        if let Some(failure) = self.failures.waits(handle, now) {
            return Err(failure.clone());
        }
        match self.breakers.entry(group.clone()).or_default().decide(now) {
            Verdict::Ask => Ok(()),
            Verdict::Wait(until) => Err(left_alone(group, until.map(|until| until.since(now)))),
        }
    }

    /// Notes a fetch that goes out now, and who waits for it.
    pub(super) fn depart(&mut self, flight: &Arc<Flight>, asker: Option<&Arc<str>>) {
        for handle in &flight.handles {
            let askers = asker.into_iter().cloned().collect();
            self.flights.insert(handle.clone(), InFlight { flight: flight.clone(), askers });
        }
    }

    pub(super) fn breaker_states(&self) -> BTreeMap<Group, BreakerState> {
        self.breakers.iter().map(|(group, breaker)| (group.clone(), breaker.state())).collect()
    }

    /// The handles in use whose value is stale, and since when; in no order.
    pub(super) fn stale(&self) -> impl Iterator<Item = (&Handle, SystemTime)> {
        self.cache.stale().filter(|(handle, _)| self.places.uses(handle))
    }

    /// What a configuration is called.
    pub(super) fn shown(&self, origin: &Arc<str>) -> Arc<str> {
        self.origins.get(origin).map_or_else(|| origin.clone(), |known| known.shown.clone())
    }

    /// Each place of each failing handle, sorted.
    pub(super) fn resolution_failures(&self) -> Vec<ResolutionFailure> {
        let mut all = Vec::new();
        for (handle, failed) in self.failures.iter() {
            let has_cached_value = self.cache.get(handle).is_some();
            all.extend(self.places.of(handle).map(|(origin, path)| ResolutionFailure {
                handle: handle.clone(),
                origin: origin.clone(),
                origin_name: self.shown(origin),
                path: path.clone(),
                reason: failed.fault.reason,
                has_cached_value,
            }));
        }
        all.sort_unstable();
        all
    }

    /// Forgets a configuration; says whether it was known.
    pub(super) fn remove_origin(&mut self, name: &str) -> bool {
        let known = self.origins.remove(name).is_some() | self.refused.remove(name).is_some();
        self.keep_only(name, |_, _| false);
        known
    }

    /// Forgets the places of a configuration that are not to be kept.
    pub(super) fn keep_only(&mut self, name: &str, keep: impl Fn(&Handle, &SettingPath) -> bool) {
        let (moved, orphans) = self.places.retain(name, keep);
        for handle in &moved {
            self.failures.moved(handle);
        }
        for handle in &orphans {
            self.failures.remove(handle);
        }
        if !orphans.is_empty() {
            self.orphan(orphans);
        }
    }

    /// These handles have a value or are about to, and nobody uses them.
    pub(super) fn orphan(&mut self, handles: Vec<Handle>) {
        let places = &self.places;
        self.cache.orphan(handles, |handle| places.uses(handle));
    }
}

fn left_alone(group: &Group, wait: Option<std::time::Duration>) -> Failure {
    let until = match wait {
        Some(wait) => format!("for another {} s", wait.as_secs().saturating_add(1)),
        None => "until a fetch that is under way says that it works again".to_owned(),
    };
    Failure {
        kind: FailureKind::Unavailable,
        message: format!("'{group}' failed several times in a row and is left alone {until}"),
        retry_after: wait,
    }
}
