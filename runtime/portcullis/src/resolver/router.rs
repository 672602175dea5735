//! Handles to providers and back: route, strip, one batch for each provider at the same time, restore.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use portcullis_egress::Client;
use portcullis_policy::{ProviderName, Routes};
use portcullis_sandbox::{CallError, Calls, Component, Outcome, Provider};
use portcullis_secrets::{Backend, Failure, FailureKind, Handle, Resolution, ResolutionFuture, Secret};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::task::JoinSet;

use super::load::{LoadError, Loader};
use crate::builtin::Builtins;
use crate::components::Components;
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
    providers: BTreeMap<ProviderName, Routable>,
    routes: Routes,
    loader: Loader,
    remove_trailing_line_break: bool,
    /// The last ones: a process that lives on does not collect them for ever.
    faults: Mutex<VecDeque<Fault>>,
}

struct Routable {
    planned: PlannedProvider,
    component: OnceLock<Result<Component, LoadError>>,
    client: OnceLock<Result<Option<Arc<Client>>, LoadError>>,
    loaded: OnceLock<Result<Arc<Provider>, LoadError>>,
}

impl Routable {
    fn new(planned: PlannedProvider) -> Self {
        Self { planned, component: OnceLock::new(), client: OnceLock::new(), loaded: OnceLock::new() }
    }

    fn component(&self, loader: &Loader) -> &Result<Component, LoadError> {
        self.component.get_or_init(|| loader.component(&self.planned))
    }

    fn client(&self, loader: &Loader) -> &Result<Option<Arc<Client>>, LoadError> {
        self.client.get_or_init(|| loader.client(&self.planned))
    }

    fn provider(&self, loader: &Loader) -> Result<Arc<Provider>, LoadError> {
        let load = || {
            let component = self.component(loader).as_ref().map_err(Clone::clone)?;
            loader.link(&self.planned, component, self.client(loader).clone()?)
        };
        self.loaded.get_or_init(load).clone()
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
    pub(super) fn new(
        providers: BTreeMap<ProviderName, PlannedProvider>,
        routes: Routes,
        loader: Loader,
        remove_trailing_line_break: bool,
    ) -> Self {
        let providers = providers.into_iter().map(|(name, planned)| (name, Routable::new(planned))).collect();
        Self { providers, routes, loader, remove_trailing_line_break, faults: Mutex::default() }
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Gets the code of every provider that these handles go to. What fails is said when a handle is asked for.
    pub(super) fn prepare(&self, handles: &[Handle]) {
        let routed = handles.iter().filter_map(|handle| self.routes.route(handle.as_str()).ok());
        let names: BTreeSet<&ProviderName> = routed.map(|routed| routed.provider).collect();
        for routable in names.into_iter().filter_map(|name| self.providers.get(name)) {
            // Kept where it is made.
            let _ = (routable.component(&self.loader), routable.client(&self.loader));
        }
    }

    /// Loads every provider, and says which cannot be.
    pub(super) fn load_all(&self) -> Vec<Fault> {
        let faults = self.providers.iter().filter_map(|(name, routable)| {
            let error = routable.provider(&self.loader).err()?;
            self.fault(name, &error);
            Some(Fault { provider: name.clone(), message: error.to_string() })
        });
        faults.collect()
    }

    /// The providers as they were planned.
    pub(super) fn planned(&self) -> impl Iterator<Item = (&ProviderName, &PlannedProvider)> {
        self.providers.iter().map(|(name, routable)| (name, &routable.planned))
    }

    /// How many handles one call of a provider should have. One that asks a store sends a request for each as a rule, and some
    /// to find its way; all others read something once, whatever they are asked.
    pub(super) fn most_handles(&self, provider: &str) -> usize {
        const AT_ONCE: usize = 10_000;
        let Some(routable) = self.providers.get(provider) else { return AT_ONCE };
        let policy = &routable.planned.policy;
        if policy.destinations().is_empty() {
            return AT_ONCE;
        }
        let requests = usize::try_from(policy.limits().requests.value()).unwrap_or(AT_ONCE);
        requests.saturating_sub(requests / 5).clamp(1, AT_ONCE)
    }

    pub(super) fn calls(&self) -> Option<Calls> {
        self.loader.calls()
    }

    /// Where components come from.
    pub(super) fn sources(&self) -> (&Components, &Builtins) {
        (&self.loader.components, &self.loader.builtins)
    }

    /// Whose a handle is; nothing where no route takes it.
    pub(super) fn provider_of(&self, handle: &Handle) -> Option<ProviderName> {
        self.routes.route(handle.as_str()).ok().map(|routed| routed.provider.clone())
    }

    pub(super) fn sends_requests(&self) -> bool {
        self.providers.values().any(|routable| !routable.planned.policy.destinations().is_empty())
    }

    /// One resolution for each handle, in their order.
    pub(super) async fn batch(&self, handles: &[Handle]) -> Vec<Resolution> {
        let mut outcomes: Vec<Option<Result<Secret, Failure>>> = Vec::new();
        outcomes.resize_with(handles.len(), || None);

        let mut batches: BTreeMap<&ProviderName, Batch> = BTreeMap::new();
        for (position, handle) in handles.iter().enumerate() {
            match self.routes.route(handle.as_str()) {
                Ok(routed) => batches.entry(routed.provider).or_default().add(routed.stripped, position),
                Err(error) => set(&mut outcomes, position, Err(failure(FailureKind::InvalidHandle, &error))),
            }
        }

        let mut calls = JoinSet::new();
        for (name, batch) in batches {
            let Batch { asked, positions, .. } = batch;
            match self.provider(name) {
                Ok(provider) => drop(calls.spawn(async move {
                    let answered = provider.resolve(&asked).await;
                    (provider.policy().provider().clone(), positions, answered)
                })),
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
        match self.providers.get(name) {
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

impl Backend for Router {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(self.batch(handles))
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
