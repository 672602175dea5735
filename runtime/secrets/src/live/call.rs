//! One call of `resolve` on its way: what is known, what is in the air, what must be fetched.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::answers::Fault;
use crate::failure::Failure;
use crate::group::Group;
use crate::handle::Handle;
use crate::scope::OutOfScope;
use crate::setting_path::SettingPath;

use super::answer::Unresolved;
use super::change::{Cause, Change, Value};
use super::failures::Failed;
use super::flight::{Flight, Purpose};
use super::inner::Inner;
use super::origin::Origin;
use super::state::{Known, State};

/// One call on its way.
pub(super) struct Call<'d> {
    pub(super) origin: &'d Origin,
    pub(super) handles: &'d [Handle],
    pub(super) places: Vec<(&'d Handle, SettingPath)>,
    pub(super) values: HashMap<&'d Handle, Value>,
    pub(super) failures: HashMap<&'d Handle, Failure>,
    pub(super) refused: BTreeMap<&'d Handle, OutOfScope>,
    /// What it waits for.
    pub(super) flights: Vec<Arc<Flight>>,
}

impl<'d> Call<'d> {
    /// Notes the places, takes what is known, joins what is in the air, and says what must be fetched.
    pub(super) fn begin(
        &mut self,
        inner: &Inner,
        groups: &HashMap<&Handle, Group>,
    ) -> (Vec<Arc<Flight>>, u64) {
        let mut state = inner.state();
        self.judge(inner, &mut state);
        self.note_places(&mut state);
        let mut fetches: BTreeMap<&Group, Vec<Handle>> = BTreeMap::new();
        let now = inner.clock.now();
        for handle in self.handles {
            if self.refused.contains_key(handle) {
                continue;
            }
            if let Some(value) = state.cache.get(handle) {
                self.values.insert(handle, value.clone());
            } else if let Some(flying) = state.flights.get_mut(handle) {
                flying.askers.push(self.origin.name.clone());
                let flight = flying.flight.clone();
                self.wait_for(flight);
            } else if let Some(group) = groups.get(handle) {
                // A group that fetches in this call was found willing already.
                let verdict = match fetches.contains_key(group) {
                    true => state.failures.waits(handle, now).cloned().map_or(Ok(()), Err),
                    false => state.may_ask(handle, group, now),
                };
                match verdict {
                    Ok(()) => fetches.entry(group).or_default().push(handle.clone()),
                    Err(failure) => self.fail(&mut state, handle, failure),
                }
            }
        }
        let departures: Vec<Arc<Flight>> = fetches
            .into_iter()
            .map(|(group, handles)| Flight::new(group.clone(), handles, Purpose::Resolve))
            .collect();
        for flight in &departures {
            state.depart(flight, Some(&self.origin.name));
            self.wait_for(flight.clone());
        }
        let ticket = inner.put_in_line(&state, self.hits(inner));
        (departures, ticket)
    }

    /// Finds out which handles the configuration may use.
    fn judge(&mut self, inner: &Inner, state: &mut State) {
        for handle in self.handles {
            let decision = inner.scope.decide(handle, self.origin);
            if let Err(refused) = &decision {
                let all = state.refused.entry(self.origin.name.clone()).or_default();
                all.insert(handle.clone(), refused.clone());
                self.refused.insert(handle, refused.clone());
            } else if let Some(all) = state.refused.get_mut(&self.origin.name) {
                all.remove(handle);
            }
        }
    }

    fn note_places(&self, state: &mut State) {
        let Origin { name, notify, .. } = self.origin;
        let known = Known { shown: self.origin.shown().clone(), notify: *notify };
        state.origins.insert(name.clone(), known);
        for (handle, path) in &self.places {
            if !self.refused.contains_key(handle) && state.places.add(handle, name, path.clone()) {
                state.failures.moved(handle);
            }
        }
    }

    fn fail(&mut self, state: &mut State, handle: &'d Handle, failure: Failure) {
        if state.failures.get(handle).is_none() {
            let fault = Fault::backend(failure.clone());
            state.failures.insert(handle, Failed { fault, not_before: None });
        }
        self.failures.insert(handle, failure);
    }

    fn wait_for(&mut self, flight: Arc<Flight>) {
        if !self.flights.iter().any(|known| Arc::ptr_eq(known, &flight)) {
            self.flights.push(flight);
        }
    }

    /// What is told of values that were known.
    fn hits(&self, inner: &Inner) -> Vec<Change> {
        if !self.origin.notify || !inner.has_subscribers() {
            return Vec::new();
        }
        let known =
            self.places.iter().filter_map(|(handle, path)| Some((handle, path, self.values.get(handle)?)));
        known
            .map(|(handle, path, value)| Change {
                handle: Handle::clone(handle),
                origin: self.origin.name.clone(),
                path: path.clone(),
                old: None,
                new: value.clone(),
                cause: Cause::Cached,
            })
            .collect()
    }

    /// Waits for what is in the air, and until it is told.
    pub(super) async fn gather(&mut self, inner: &Inner) {
        for flight in std::mem::take(&mut self.flights) {
            let Some(landed) = flight.landed().await else { continue };
            for handle in self.handles {
                match landed.outcomes.get(handle).map(|outcome| &outcome.result) {
                    Some(Ok(value)) => drop(self.values.entry(handle).or_insert_with(|| value.clone())),
                    Some(Err(failure)) => drop(self.failures.insert(handle, failure.clone())),
                    None => {}
                }
            }
            inner.outbox.told(landed.ticket).await;
        }
    }

    /// Every handle that is neither resolved nor refused, in the order of the text.
    pub(super) fn unresolved(mut self) -> Vec<Unresolved> {
        if self.failures.is_empty() {
            return Vec::new();
        }
        let mut paths: HashMap<&Handle, Vec<SettingPath>> = HashMap::new();
        for (handle, path) in self.places {
            if self.failures.contains_key(handle) {
                paths.entry(handle).or_default().push(path);
            }
        }
        let handles = self.handles.iter();
        handles
            .filter_map(|handle| {
                let failure = self.failures.remove(handle)?;
                Some(Unresolved {
                    handle: handle.clone(),
                    paths: paths.remove(handle).unwrap_or_default(),
                    failure,
                })
            })
            .collect()
    }
}
