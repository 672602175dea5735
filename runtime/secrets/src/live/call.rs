//! One call of `resolve` on its way: what is known, what is in the air, what must be fetched.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::answers::Fault;
use crate::failure::Failure;
use crate::group::Group;
use crate::handle::Handle;
use crate::scope::OutOfScope;
use crate::setting_path::SettingPath;

use super::answer::{ResolvedPlace, Unresolved};
use super::change::{Cause, Change, Value};
use super::failures::Failed;
use super::flight::{Flight, Purpose};
use super::inner::Inner;
use super::origin::Origin;
use super::state::{Known, State};

/// One call on its way.
pub(super) struct Call<'d> {
    pub(super) origin: &'d Origin,
    /// Every handle of the text, each once.
    pub(super) handles: &'d [Handle],
    pub(super) places: Vec<(&'d Handle, SettingPath)>,
    pub(super) values: HashMap<&'d Handle, Value>,
    pub(super) failures: HashMap<&'d Handle, Failure>,
    pub(super) refused: BTreeMap<&'d Handle, OutOfScope>,
    /// What it waits for. Only for these handles: a fetch that it shares brings others too, which it may not use.
    pub(super) awaited: Vec<(&'d Handle, Arc<Flight>)>,
}

impl<'d> Call<'d> {
    /// Notes the places, takes what is known, joins what is in the air, and says what must be fetched.
    ///
    /// An error has the handles without a value whose group is not known either. Nothing was done.
    pub(super) fn begin(
        &mut self,
        inner: &Inner,
        groups: &HashMap<&Handle, Group>,
    ) -> Result<(Vec<Arc<Flight>>, u64), Vec<&'d Handle>> {
        let mut state = inner.state();
        let mut unknown = Vec::new();
        let look_up = |handle| {
            let value = state.cache.get(handle).cloned();
            if value.is_none() && !groups.contains_key(handle) {
                unknown.push(handle);
            }
            value
        };
        let known: Vec<Option<Value>> = self.handles.iter().map(look_up).collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let allowed = self.judge(inner, &mut state, known);
        self.note_places(&mut state);
        let mut fetches: BTreeMap<&Group, Vec<&'d Handle>> = BTreeMap::new();
        let now = inner.clock.now();
        for (handle, value) in allowed {
            if let Some(value) = value {
                self.values.insert(handle, value);
            } else if let Some(flying) = state.flights.get_mut(handle) {
                flying.askers.push(self.origin.name.clone());
                self.awaited.push((handle, flying.flight.clone()));
            } else if let Some(group) = groups.get(handle) {
                // A group that fetches in this call was found willing already.
                let verdict = match fetches.contains_key(group) {
                    true => state.failures.waits(handle, now).cloned().map_or(Ok(()), Err),
                    false => state.may_ask(handle, group, now),
                };
                match verdict {
                    Ok(()) => fetches.entry(group).or_default().push(handle),
                    Err(failure) => self.fail(&mut state, handle, failure),
                }
            }
        }
        let mut departures = Vec::with_capacity(fetches.len());
        for (group, handles) in fetches {
            let most = inner.backend.as_ref().map_or(usize::MAX, |backend| backend.most_handles(group));
            for part in handles.chunks(most.max(1)) {
                let asked = part.iter().copied().cloned().collect();
                let flight = Flight::new(group.clone(), asked, Purpose::Resolve);
                state.depart(&flight, Some(&self.origin.name));
                self.awaited.extend(part.iter().map(|handle| (*handle, flight.clone())));
                departures.push(flight);
            }
        }
        let ticket = inner.put_in_line(&state, self.hits(inner));
        Ok((departures, ticket))
    }

    /// The handles that the configuration may use. What it gets is of these alone.
    fn judge(
        &mut self,
        inner: &Inner,
        state: &mut State,
        known: Vec<Option<Value>>,
    ) -> Vec<(&'d Handle, Option<Value>)> {
        let rules = inner.rules();
        if self.origin.whole {
            state.refused.remove(&self.origin.name);
        }
        let mut allowed = Vec::with_capacity(self.handles.len());
        for (handle, value) in self.handles.iter().zip(known) {
            match rules.scope.decide(handle, self.origin) {
                Ok(()) => {
                    allowed.push((handle, value));
                    if let Some(all) = state.refused.get_mut(&self.origin.name) {
                        all.remove(handle);
                    }
                }
                Err(refused) => {
                    let all = state.refused.entry(self.origin.name.clone()).or_default();
                    all.insert(handle.clone(), refused.clone());
                    self.refused.insert(handle, refused);
                }
            }
        }
        allowed
    }

    fn note_places(&self, state: &mut State) {
        let Origin { name, notify, whole, .. } = self.origin;
        let known = Known { shown: self.origin.shown().clone(), notify: *notify };
        state.origins.insert(name.clone(), known);
        for (handle, path) in &self.places {
            if !self.refused.contains_key(handle) && state.places.add(handle, name, path.clone()) {
                state.failures.moved(handle);
            }
        }
        if *whole {
            let here: HashSet<(&Handle, &SettingPath)> =
                self.places.iter().map(|(handle, path)| (*handle, path)).collect();
            state.keep_only(name, |handle, path| {
                here.contains(&(handle, path)) && !self.refused.contains_key(handle)
            });
        } else if !self.refused.is_empty() {
            // It may have used them while it was allowed to.
            state.keep_only(name, |handle, _| !self.refused.contains_key(handle));
        }
    }

    fn fail(&mut self, state: &mut State, handle: &'d Handle, failure: Failure) {
        if state.failures.get(handle).is_none() {
            let fault = Fault::backend(failure.clone());
            state.failures.insert(handle, Failed { fault, not_before: None });
        }
        self.failures.insert(handle, failure);
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
        for (handle, flight) in std::mem::take(&mut self.awaited) {
            let Some(landed) = flight.landed().await else { continue };
            match landed.outcomes.get(handle).map(|outcome| &outcome.result) {
                Some(Ok(value)) => drop(self.values.insert(handle, value.clone())),
                Some(Err(failure)) => drop(self.failures.insert(handle, failure.clone())),
                None => {}
            }
            inner.outbox.told(landed.ticket).await;
        }
    }

    /// Every place that is resolved, and every handle that is neither resolved nor refused; in the order of the text.
    pub(super) fn outcome(mut self) -> (Vec<ResolvedPlace>, Vec<Unresolved>) {
        let mut resolved = Vec::with_capacity(self.places.len());
        let mut paths: HashMap<&Handle, Vec<SettingPath>> = HashMap::new();
        for (handle, path) in self.places {
            if let Some(value) = self.values.get(handle) {
                resolved.push(ResolvedPlace { handle: handle.clone(), path, value: value.clone() });
            } else if self.failures.contains_key(handle) {
                paths.entry(handle).or_default().push(path);
            }
        }
        let handles = self.handles.iter();
        let failures = handles
            .filter_map(|handle| {
                let failure = self.failures.remove(handle)?;
                Some(Unresolved {
                    handle: handle.clone(),
                    paths: paths.remove(handle).unwrap_or_default(),
                    failure,
                })
            })
            .collect();
        (resolved, failures)
    }
}
