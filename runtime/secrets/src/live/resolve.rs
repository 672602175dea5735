//! A text with values in it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::document::{Document, Format};
use crate::failure::Failure;
use crate::group::Group;
use crate::handle::Handle;
use crate::scan_error::ScanError;
use crate::scope::OutOfScope;
use crate::setting_path::SettingPath;

use super::change::{Cause, Change, Value};
use super::failures::Failed;
use super::flight::{Flight, Purpose, launch};
use super::inner::Inner;
use super::origin::Origin;
use super::state::{InFlight, Known, State};

/// A text with its references resolved as far as possible.
pub struct Answer {
    /// The text; what could not be resolved keeps its `ENC[…]`.
    pub text: Zeroizing<Vec<u8>>,
    /// The handles that could not be resolved, in the order of the text.
    pub failures: Vec<Unresolved>,
    /// The handles that this configuration may not use, in the order of the text. They are not failures.
    pub refused: Vec<OutOfScope>,
}

/// Shows how long the text is, not what it says.
impl Debug for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("bytes", &self.text.len())
            .field("failures", &self.failures)
            .field("refused", &self.refused)
            .finish()
    }
}

/// A handle of a text that could not be resolved. Displayed as agents write it: `handle "db": no such secret`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("handle \"{handle}\": {failure}")]
pub struct Unresolved {
    /// The handle.
    pub handle: Handle,
    /// Every place in the text that keeps its `ENC[…]` for it.
    pub paths: Vec<SettingPath>,
    /// Why.
    pub failure: Failure,
}

/// One call on its way.
struct Call<'d> {
    origin: &'d Origin,
    handles: &'d [Handle],
    places: Vec<(&'d Handle, SettingPath)>,
    values: HashMap<&'d Handle, Value>,
    failures: HashMap<&'d Handle, Failure>,
    refused: BTreeMap<&'d Handle, OutOfScope>,
    /// What it waits for.
    flights: Vec<Arc<Flight>>,
}

pub(super) async fn resolve(inner: &Arc<Inner>, text: &[u8], origin: &Origin) -> Result<Answer, ScanError> {
    let unchanged = || Answer { text: text.to_vec().into(), failures: Vec::new(), refused: Vec::new() };
    let Some(backend) = &inner.backend else { return Ok(unchanged()) };
    let document = Document::scan(origin.shown(), text, Format::Detect)?;
    let handles = document.handles();
    if handles.is_empty() {
        return Ok(unchanged());
    }

    let unknown: Vec<&Handle> = {
        let state = inner.state();
        handles.iter().filter(|handle| state.cache.get(handle).is_none()).collect()
    };
    let groups = unknown.into_iter().map(|handle| (handle, backend.group(handle))).collect();
    let mut call = Call {
        origin,
        handles,
        places: document.places().map(|place| (place.handle(), place.path().into())).collect(),
        values: HashMap::with_capacity(handles.len()),
        failures: HashMap::new(),
        refused: BTreeMap::new(),
        flights: Vec::new(),
    };
    let (departures, ticket) = call.begin(inner, &groups);
    for refused in call.refused.values() {
        tracing::warn!("secret not resolved: {refused}");
    }
    for flight in departures {
        launch(inner, flight);
    }
    inner.tell();
    inner.outbox.told(ticket).await;
    call.gather(inner).await;

    let text = document.splice_with(|handle| call.values.get(handle).map(AsRef::as_ref));
    let refused = handles.iter().filter_map(|handle| call.refused.remove(handle)).collect();
    Ok(Answer { text, failures: call.unresolved(), refused })
}

impl<'d> Call<'d> {
    /// Notes the places, takes what is known, joins what is in the air, and says what must be fetched.
    fn begin(&mut self, inner: &Inner, groups: &HashMap<&Handle, Group>) -> (Vec<Arc<Flight>>, u64) {
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
            let fault = crate::answers::Fault::backend(failure.clone());
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
    async fn gather(&mut self, inner: &Inner) {
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
    fn unresolved(mut self) -> Vec<Unresolved> {
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

impl State {
    /// Notes a fetch that goes out now, and who waits for it.
    pub(super) fn depart(&mut self, flight: &Arc<Flight>, asker: Option<&Arc<str>>) {
        for handle in &flight.handles {
            let askers = asker.into_iter().cloned().collect();
            self.flights.insert(handle.clone(), InFlight { flight: flight.clone(), askers });
        }
    }
}
