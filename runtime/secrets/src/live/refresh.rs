//! Fetching again.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::group::Group;
use crate::handle::Handle;
use crate::refresh::{HandleError, RefreshError, Reloaded, Report, renewal};

use super::change::Value;
use super::flight::{Flight, Purpose};
use super::gate::launch;
use super::inner::Inner;
use super::snapshot::LastRefresh;

/// What to fetch, of what is in use and may change.
#[derive(Debug)]
pub(super) enum Selection {
    All,
    Groups(BTreeSet<Group>),
    Handles(HashSet<Handle>),
}

/// Whether stores that want to be left alone are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// No: an operator asks.
    Now,
    /// Yes.
    InTime,
}

/// A refresh in a task of its own: once begun it goes to its end.
pub(super) async fn spawned(
    inner: &Arc<Inner>,
    selection: Selection,
    haste: Haste,
) -> Result<Report, RefreshError> {
    let (Some(_), Some(runtime)) = (&inner.backend, &inner.runtime) else { return Ok(Report::default()) };
    let Ok((done, ticket)) = runtime.spawn(refresh(inner.clone(), selection, haste)).await else {
        let report = Report::default();
        return Err(RefreshError { report, failures: Vec::new(), audit: None, interrupted: true });
    };
    // Here and not in the task: only the caller's own thread knows whether the caller is a subscriber.
    inner.outbox.told(ticket).await;
    done
}

/// What came of it, and until when subscribers must have been called for all of it to be told.
async fn refresh(
    inner: Arc<Inner>,
    selection: Selection,
    haste: Haste,
) -> (Result<Report, RefreshError>, u64) {
    let candidates = inner.candidates(selection);
    if candidates.is_empty() {
        return (Ok(Report::default()), 0);
    }
    let mut ticket = 0;
    tracing::info!("Refreshing secrets for {} handles", candidates.len());
    let mut report = Report { candidates: candidates.len(), ..Report::default() };
    let Flights { own, joined, postponed } = inner.depart(&candidates, haste);
    report.postponed = postponed;

    let mut fetched = Fetched::default();
    for (flight, is_own) in
        own.iter().map(|flight| (flight, true)).chain(joined.iter().map(|flight| (flight, false)))
    {
        let Some(landed) = flight.landed().await else { continue };
        for (handle, outcome) in
            landed.outcomes.iter().filter(|(handle, _)| is_own || candidates.contains(handle))
        {
            match &outcome.result {
                Ok(value) => {
                    if outcome.changed {
                        fetched.changed.insert(handle.clone());
                        fetched.to_record |= is_own;
                    }
                    if is_own {
                        fetched.values.insert(handle.clone(), value.clone());
                    }
                }
                Err(failure) => {
                    fetched.failures.push(HandleError { handle: handle.clone(), failure: failure.clone() });
                }
            }
        }
        ticket = ticket.max(landed.ticket);
    }
    fetched.failures.sort_by(|one, other| one.handle.cmp(&other.handle));

    report.reloaded = inner.reloaded(&fetched.changed);
    let audit = if fetched.to_record { inner.record(fetched.values).await.err().map(Box::new) } else { None };
    inner.ended(audit.is_none() && fetched.failures.is_empty());
    if audit.is_none() && fetched.failures.is_empty() {
        return (Ok(report), ticket);
    }
    (Err(RefreshError { report, failures: fetched.failures, audit, interrupted: false }), ticket)
}

/// What a refresh waits for.
#[derive(Default)]
struct Flights {
    own: Vec<Arc<Flight>>,
    joined: Vec<Arc<Flight>>,
    postponed: Vec<Handle>,
}

/// What a refresh brought.
#[derive(Default)]
struct Fetched {
    changed: BTreeSet<Handle>,
    /// What its own fetches brought: what others began, others record.
    values: BTreeMap<Handle, Value>,
    to_record: bool,
    failures: Vec<HandleError>,
}

impl Inner {
    /// What is in use and may change.
    fn candidates(&self, selection: Selection) -> BTreeSet<Handle> {
        let rules = self.rules();
        let may_change: BTreeSet<Handle> = {
            let state = self.state();
            let admitted = |handle: &&Handle| {
                let listed = match &selection {
                    Selection::Handles(handles) => handles.contains(handle),
                    Selection::All | Selection::Groups(_) => true,
                };
                listed && state.places.of(handle).any(|(origin, path)| rules.allowlist.admits(origin, path))
            };
            state.places.handles().filter(admitted).cloned().collect()
        };
        match (&selection, &self.backend) {
            (Selection::Groups(groups), Some(backend)) => {
                may_change.into_iter().filter(|handle| groups.contains(&backend.group(handle))).collect()
            }
            _ => may_change,
        }
    }

    /// Sends off a fetch for each group, but for what is in the air already and what is left alone.
    fn depart(self: &Arc<Self>, candidates: &BTreeSet<Handle>, haste: Haste) -> Flights {
        let Some(backend) = &self.backend else { return Flights::default() };
        let grouped: Vec<(&Handle, Group)> =
            candidates.iter().map(|handle| (handle, backend.group(handle))).collect();
        let mut flights = Flights::default();
        {
            let mut state = self.state();
            let now = self.clock.now();
            let mut fetches: BTreeMap<&Group, Vec<Handle>> = BTreeMap::new();
            for (handle, group) in &grouped {
                if let Some(flying) = state.flights.get(*handle) {
                    if !flights.joined.iter().any(|known| Arc::ptr_eq(known, &flying.flight)) {
                        flights.joined.push(flying.flight.clone());
                    }
                    continue;
                }
                let willing = match (haste, fetches.contains_key(group)) {
                    (Haste::Now, _) => true,
                    (Haste::InTime, true) => state.failures.waits(handle, now).is_none(),
                    (Haste::InTime, false) => state.may_ask(handle, group, now).is_ok(),
                };
                if willing {
                    fetches.entry(group).or_default().push(Handle::clone(handle));
                } else {
                    state.cache.postpone_renewal(handle, now.after(renewal::AGAIN_AFTER));
                    flights.postponed.push(Handle::clone(handle));
                }
            }
            for (group, handles) in fetches {
                for part in handles.chunks(backend.most_handles(group).max(1)) {
                    let flight = Flight::new(group.clone(), part.to_vec(), Purpose::Refresh);
                    state.depart(&flight, None);
                    flights.own.push(flight);
                }
            }
        }
        for flight in &flights.own {
            launch(self, flight.clone());
        }
        flights
    }

    fn reloaded(&self, changed: &BTreeSet<Handle>) -> Vec<Reloaded> {
        let state = self.state();
        let places =
            |handle| state.places.of(handle).map(|(origin, path)| (origin.clone(), path.clone())).collect();
        changed.iter().map(|handle| Reloaded { handle: handle.clone(), places: places(handle) }).collect()
    }

    fn ended(&self, complete: bool) {
        let mut state = self.state();
        state.tally.refreshed(complete);
        state.last_refresh = Some(LastRefresh { at: self.clock.wall(), complete });
    }
}
