//! Handles to providers and back: route, strip, one batch for each provider at the same time, restore.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use portcullis_egress::Client;
use portcullis_policy::ProviderName;
use portcullis_sandbox::{AnswerFault, CallError, Calls, Component, Outcome, Provider};
use portcullis_secrets::{Failure, FailureKind, Handle, Resolution, Secret};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::load::{LoadError, Loader};
use crate::catalogue::Catalogue;
use crate::plan::PlannedProvider;

/// A provider as a whole went wrong.
#[derive(Clone, Debug, Error)]
#[error("provider {provider}: {message}")]
pub struct Fault {
    /// Which.
    pub provider: ProviderName,
    /// What happened.
    pub message: String,
}

/// Faults that are remembered.
const FAULTS: usize = 64;

/// All providers behind one face.
pub(super) struct Router {
    catalogue: Arc<Catalogue>,
    parts: BTreeMap<ProviderName, Parts>,
    loader: Loader,
    remove_trailing_line_break: bool,
    /// The last ones: a process that lives on does not collect them for ever.
    faults: Mutex<VecDeque<Fault>>,
}

/// What becomes of a planned provider, each made once.
#[derive(Default)]
struct Parts {
    component: OnceLock<Result<Component, LoadError>>,
    client: OnceLock<Result<Option<Arc<Client>>, LoadError>>,
    loaded: OnceLock<Result<Arc<Provider>, LoadError>>,
}

/// A provider that handles can be routed to.
#[derive(Clone, Copy)]
struct Routable<'a> {
    planned: &'a PlannedProvider,
    parts: &'a Parts,
}

impl<'a> Routable<'a> {
    fn component(self, loader: &Loader) -> &'a Result<Component, LoadError> {
        self.parts.component.get_or_init(|| loader.component(self.planned))
    }

    fn client(self, loader: &Loader) -> &'a Result<Option<Arc<Client>>, LoadError> {
        self.parts.client.get_or_init(|| loader.client(self.planned))
    }

    fn provider(self, loader: &Loader) -> Result<Arc<Provider>, LoadError> {
        let load = || {
            let component = self.component(loader).as_ref().map_err(Clone::clone)?;
            loader.link(self.planned, component, self.client(loader).clone()?)
        };
        self.parts.loaded.get_or_init(load).clone()
    }

    fn prepare(self, loader: &Loader) {
        // Kept where it is made.
        let _ = (self.component(loader), self.client(loader));
    }
}

/// The handles of one provider: what it is asked, and whose answer that is.
#[derive(Default)]
struct Batch {
    asked: Vec<String>,
    /// Positions in the whole batch, for each handle that is asked. Two handles may strip to one.
    positions: Vec<Vec<usize>>,
    index: BTreeMap<String, usize>,
}

impl Batch {
    fn add(&mut self, stripped: &str, position: usize) {
        let asked = &mut self.asked;
        let positions = &mut self.positions;
        let slot = *self.index.entry(stripped.to_owned()).or_insert_with(|| {
            asked.push(stripped.to_owned());
            positions.push(Vec::new());
            asked.len().saturating_sub(1)
        });
        if let Some(positions) = positions.get_mut(slot) {
            positions.push(position);
        }
    }
}

impl Router {
    pub(super) fn new(catalogue: Arc<Catalogue>, loader: Loader, remove_trailing_line_break: bool) -> Self {
        let parts = catalogue.providers().map(|(name, _)| (name.clone(), Parts::default())).collect();
        Self { catalogue, parts, loader, remove_trailing_line_break, faults: Mutex::default() }
    }

    pub(super) const fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    fn routables(&self) -> impl Iterator<Item = (&ProviderName, Routable<'_>)> {
        // Made of the same names, in the same order.
        let both = self.catalogue.providers().zip(self.parts.values());
        both.map(|((name, planned), parts)| (name, Routable { planned, parts }))
    }

    fn routable(&self, name: &ProviderName) -> Option<Routable<'_>> {
        let (_, planned) = self.catalogue.provider(name.as_str())?;
        Some(Routable { planned, parts: self.parts.get(name)? })
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Gets the code of every provider that these handles go to. What fails is said when a handle is asked for.
    pub(super) fn prepare(&self, handles: &[Handle]) {
        let names: BTreeSet<&ProviderName> =
            handles.iter().filter_map(|handle| self.catalogue.provider_of(handle)).collect();
        for routable in names.into_iter().filter_map(|name| self.routable(name)) {
            routable.prepare(&self.loader);
        }
    }

    /// Gets the code of every provider.
    pub(super) fn prepare_all(&self) {
        for (_, routable) in self.routables() {
            routable.prepare(&self.loader);
        }
    }

    /// Loads every provider, and says which cannot be.
    pub(super) fn load_all(&self) -> Vec<Fault> {
        let faults = self.routables().filter_map(|(name, routable)| {
            let error = routable.provider(&self.loader).err()?;
            self.fault(name, &error);
            Some(Fault { provider: name.clone(), message: error.to_string() })
        });
        faults.collect()
    }

    pub(super) fn calls(&self) -> Option<Calls> {
        self.loader.calls()
    }

    pub(super) fn sends_requests(&self) -> bool {
        self.catalogue.providers().any(|(_, planned)| !planned.policy.destinations().is_empty())
    }

    /// One resolution for each handle, in their order.
    pub(super) async fn batch(&self, handles: &[Handle]) -> Vec<Resolution> {
        let mut outcomes: Vec<Option<Result<Secret, Failure>>> = Vec::new();
        outcomes.resize_with(handles.len(), || None);

        let mut batches: BTreeMap<&ProviderName, Batch> = BTreeMap::new();
        for (position, handle) in handles.iter().enumerate() {
            match self.catalogue.routes().route(handle.as_str()) {
                Ok(routed) => batches.entry(routed.provider).or_default().add(routed.stripped, position),
                Err(error) => set(&mut outcomes, position, Err(failure(FailureKind::InvalidHandle, &error))),
            }
        }

        let mut calls = JoinSet::new();
        for (name, batch) in batches {
            let Batch { asked, positions, .. } = batch;
            match self.provider(name) {
                Ok(provider) => {
                    let span = tracing::info_span!("batch", provider = %name, handles = asked.len());
                    let call = async move {
                        let answered = provider.resolve(&asked).await;
                        (provider.policy().provider().clone(), positions, answered)
                    };
                    calls.spawn(call.instrument(span));
                }
                Err(error) => {
                    if !error.is_unsupported_type() {
                        self.fault(name, &error);
                    }
                    let failed = failure(FailureKind::Unavailable, &error);
                    fail_all(&mut outcomes, &positions, &failed);
                }
            }
        }
        while let Some(done) = calls.join_next().await {
            // A task that panicked leaves its handles without an outcome, which is a failure below.
            let Ok((name, positions, answered)) = done else { continue };
            match answered {
                Ok(answers) => self.place(&mut outcomes, &positions, answers),
                Err(error) => {
                    if !matches!(error, CallError::Failed(_)) {
                        self.fault(&name, &error);
                    }
                    fail_all(&mut outcomes, &positions, &batch_failure(error));
                }
            }
        }
        handles
            .iter()
            .zip(outcomes)
            .map(|(handle, outcome)| Resolution {
                handle: handle.clone(),
                outcome: outcome.unwrap_or_else(|| Err(Failure::not_answered(handle))),
            })
            .collect()
    }

    fn provider(&self, name: &ProviderName) -> Result<Arc<Provider>, LoadError> {
        match self.routable(name) {
            Some(routable) => routable.provider(&self.loader),
            // Routes are compiled against the providers: there is no other name in them.
            None => Err(LoadError::unsupported(name.as_str())),
        }
    }

    fn place(
        &self,
        outcomes: &mut [Option<Result<Secret, Failure>>],
        positions: &[Vec<usize>],
        answers: Vec<Outcome>,
    ) {
        for (positions, answer) in positions.iter().zip(answers) {
            let outcome = match answer {
                Ok(value) => Ok(Secret { value: self.trimmed(value.value), expires_in: value.expires_in }),
                Err(error) => Err(from_guest(error)),
            };
            for position in positions {
                set(outcomes, *position, outcome.clone());
            }
        }
    }

    /// The agent's option: trailing line breaks of a value go.
    fn trimmed(&self, value: SecretString) -> SecretString {
        let trimmed = value.expose_secret().trim_end_matches(['\r', '\n']);
        if !self.remove_trailing_line_break || trimmed.len() == value.expose_secret().len() {
            return value;
        }
        SecretString::from(trimmed)
    }

    fn fault(&self, provider: &ProviderName, error: &dyn std::error::Error) {
        let fault = Fault { provider: provider.clone(), message: error.to_string() };
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        if faults.len() >= FAULTS {
            faults.pop_front();
        }
        faults.push_back(fault);
    }
}

fn set(outcomes: &mut [Option<Result<Secret, Failure>>], position: usize, outcome: Result<Secret, Failure>) {
    if let Some(slot) = outcomes.get_mut(position) {
        *slot = Some(outcome);
    }
}

fn fail_all(outcomes: &mut [Option<Result<Secret, Failure>>], positions: &[Vec<usize>], failed: &Failure) {
    for position in positions.iter().flatten() {
        set(outcomes, *position, Err(failed.clone()));
    }
}

fn failure(kind: FailureKind, error: &dyn std::error::Error) -> Failure {
    Failure::new(kind, error.to_string())
}

fn batch_failure(error: CallError) -> Failure {
    match error {
        CallError::Failed(guest) => from_guest(guest),
        // One that is only too large makes sense, as far as it was read.
        CallError::Answer(fault) if !matches!(fault, AnswerFault::BatchTooLarge { .. }) => {
            failure(FailureKind::InvalidAnswer, &CallError::Answer(fault))
        }
        other => failure(FailureKind::Unavailable, &other),
    }
}

fn from_guest(guest: portcullis_sandbox::Failure) -> Failure {
    use portcullis_sandbox::FailureKind as Guest;
    let kind = match guest.kind {
        Guest::Denied => FailureKind::Denied,
        Guest::InvalidHandle => FailureKind::InvalidHandle,
        Guest::NotFound => FailureKind::NotFound,
        Guest::Other => FailureKind::Other,
        Guest::Unavailable => FailureKind::Unavailable,
    };
    Failure { kind, message: guest.message, retry_after: guest.retry_after }
}
