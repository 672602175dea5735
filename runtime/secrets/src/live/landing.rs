//! What a fetch brings, applied: values kept, failures noted, changes put in line to be told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::answers::{Fault, check};
use crate::backend::{Resolution, Secret};
use crate::clock::Moment;
use crate::failure::FailureKind;
use crate::group::Group;
use crate::handle::Handle;
use crate::refresh::{Allowlist, LONGEST_BACK_OFF, renewal};

use super::cache::Put;
use super::change::{Cause, Change, Value};
use super::failures::Failed;
use super::flight::{Flight, Landed, Outcome, Purpose};
use super::inner::Inner;
use super::state::{InFlight, State};

/// The longest that a store is left alone because it said so: an hour.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

impl Inner {
    /// Applies what one call brought for the fetches of a group, each with its part of the answer, and then tells: first
    /// those who wait for it, so that none of them waits for a subscriber of somebody else's, then the subscribers.
    pub(super) fn land(
        self: &Arc<Self>,
        flights: &[Arc<Flight>],
        answers: Vec<Result<Vec<Resolution>, Fault>>,
        begun: Option<Moment>,
    ) {
        let now = self.clock.now();
        let ticket;
        let outcomes: Vec<HashMap<Handle, Outcome>> = {
            let mut state = self.state();
            let mut changes = Vec::new();
            let mut outcomes = Vec::new();
            for (flight, answer) in flights.iter().zip(answers) {
                let mut landing =
                    Landing { inner: self, flight, now, state: &mut state, changes: Vec::new() };
                outcomes.push(landing.all(answer));
                changes.append(&mut landing.changes);
            }
            let took = begun.map(|begun| now.since(begun));
            if let Some(flight) = flights.first() {
                self.judge(&mut state, &flight.group, &outcomes, took, now);
            }
            ticket = self.put_in_line(&state, changes);
            outcomes
        };
        for (flight, outcomes) in flights.iter().zip(outcomes) {
            flight.land(Landed { outcomes, ticket });
        }
        self.tell();
    }

    /// Whether the store could be reached.
    fn judge(
        &self,
        state: &mut State,
        group: &Group,
        outcomes: &[HashMap<Handle, Outcome>],
        took: Option<Duration>,
        now: Moment,
    ) {
        // Who answers nonsense is no more worth asking than who does not answer.
        let unreachable = |outcome: &Outcome| {
            let none = |kind| matches!(kind, FailureKind::Unavailable | FailureKind::InvalidAnswer);
            outcome.result.as_ref().is_err_and(|failure| none(failure.kind))
        };
        let reached = !outcomes.iter().flat_map(HashMap::values).all(unreachable);
        state.tally.fetched(group, reached, took);
        let breaker = state.breakers.entry(group.clone()).or_default();
        if reached {
            breaker.reached();
        } else {
            breaker.failed(now, self.longest_back_off(), self.random.as_ref());
        }
    }

    /// Every tick asks: no group is left alone for longer than from one to the next.
    fn longest_back_off(&self) -> Duration {
        match self.rules().settings.refresh_interval {
            interval if interval.is_zero() => LONGEST_BACK_OFF,
            interval => interval,
        }
    }
}

/// One landing under the lock.
struct Landing<'a> {
    inner: &'a Inner,
    flight: &'a Flight,
    now: Moment,
    state: &'a mut State,
    changes: Vec<Change>,
}

impl Landing<'_> {
    fn all(&mut self, answer: Result<Vec<Resolution>, Fault>) -> HashMap<Handle, Outcome> {
        let flight = self.flight;
        match answer {
            Ok(resolutions) => check(&flight.handles, resolutions)
                .map(|(handle, outcome)| (handle.clone(), self.one(handle, outcome)))
                .collect(),
            Err(fault) => flight
                .handles
                .iter()
                .map(|handle| (handle.clone(), self.one(handle, Err(fault.clone()))))
                .collect(),
        }
    }

    fn one(&mut self, handle: &Handle, outcome: Result<Secret, Fault>) -> Outcome {
        let askers =
            self.state.flights.remove(handle).map_or_else(Vec::new, |InFlight { askers, .. }| askers);
        let used = self.state.places.uses(handle);
        match outcome {
            Ok(secret) => {
                self.state.failures.remove(handle);
                let (value, put) = self.state.cache.put(handle, secret, self.now);
                if !used {
                    self.state.orphan(vec![handle.clone()]);
                }
                let changed = match put {
                    Put::Same => false,
                    Put::Changed { old } => {
                        self.changed(handle, old, &value, &askers);
                        true
                    }
                };
                Outcome { result: Ok(value), changed }
            }
            Err(fault) => {
                let failure = fault.failure.clone();
                let wait = failure.retry_after.map(|wait| wait.min(LONGEST_RETRY_AFTER));
                let not_before = wait.map(|wait| self.now.after(wait));
                let again = self.now.after(renewal::AGAIN_AFTER).max(not_before.unwrap_or_default());
                self.state.tally.failed(fault.reason);
                self.state.cache.mark_stale(handle, self.inner.clock.wall(), again);
                if used {
                    self.state.failures.insert(handle, Failed { fault, not_before });
                }
                Outcome { result: Err(failure), changed: false }
            }
        }
    }

    /// Notes whom a new value concerns.
    ///
    /// A refresh concerns the places that may change at run time. A first value concerns whoever asked for it and wants to
    /// be told, and those who asked earlier, in vain.
    fn changed(&mut self, handle: &Handle, old: Option<Value>, new: &Value, askers: &[Arc<str>]) {
        if !self.inner.has_subscribers() {
            return;
        }
        let refreshed = self.flight.purpose == Purpose::Refresh;
        let cause = if refreshed { Cause::Refreshed } else { Cause::Resolved };
        let allowlist: &Allowlist = &self.inner.rules().allowlist;
        let state = &*self.state;
        let wants = |origin: &Arc<str>| state.origins.get(origin).is_some_and(|known| known.notify);
        let told = state.places.of(handle).filter(|(origin, path)| {
            let asks = askers.contains(origin);
            (asks && wants(origin)) || if refreshed { allowlist.admits(origin, path) } else { !asks }
        });
        self.changes.extend(told.map(|(origin, path)| Change {
            handle: handle.clone(),
            origin: origin.clone(),
            path: path.clone(),
            old: old.clone(),
            new: new.clone(),
            cause,
        }));
    }
}
