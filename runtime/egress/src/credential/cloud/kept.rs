//! What a source made, kept until it is to be made anew.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use portcullis_policy::AuthorizedDestination;

use super::super::{Asking, CredentialError};
use super::ask::Ask;
use super::watched::Watched;
use crate::inputs::Inputs;

/// Something is renewed so long before it expires, or a fifth of its lifetime where that is less.
const MARGIN: Duration = Duration::from_secs(300);
/// After a renewal that failed, while the old one is still valid, the next is so much later.
const PAUSE: Duration = Duration::from_secs(30);
/// What the store refuses is made anew at most this often: a store that refuses everything is not one login a request.
const AGAIN: Duration = Duration::from_secs(60);

/// Makes a credential.
#[async_trait]
pub(crate) trait Source: Send + Sync {
    /// What it makes.
    type Value: Send + Sync;

    /// Makes one. All that it reads, it reads through `ask`.
    async fn make(&self, ask: &Ask<'_>) -> Result<Made<Self::Value>, CredentialError>;
}

/// A credential that was made.
pub(crate) struct Made<T> {
    pub(crate) value: T,
    /// Until when it is valid; nothing where it is valid as long as what it was made from does not change.
    pub(crate) expires: Option<SystemTime>,
}

/// The newest of what a source made. One is made at a time: who comes while it is made waits and shares it.
pub(crate) struct Kept<S: Source> {
    source: S,
    asking: Asking,
    inputs: Arc<dyn Inputs>,
    state: Mutex<State<S::Value>>,
    turn: tokio::sync::Mutex<()>,
}

struct State<T> {
    held: Option<Held<T>>,
    /// How often one was made or could not be.
    attempts: u64,
    /// Why the last could not.
    failed: Option<CredentialError>,
    /// When the store last refused one that was then given up.
    refused_at: Option<SystemTime>,
}

struct Held<T> {
    value: Arc<T>,
    expires: Option<SystemTime>,
    renew_at: Option<SystemTime>,
    inputs: Arc<Watched>,
}

impl<S: Source> Kept<S> {
    pub(crate) fn new(source: S, asking: Asking, inputs: &Arc<dyn Inputs>) -> Self {
        let state = State { held: None, attempts: 0, failed: None, refused_at: None };
        Self {
            source,
            asking,
            inputs: Arc::clone(inputs),
            state: Mutex::new(state),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The asking of its source.
    pub(crate) const fn asking(&self) -> &Asking {
        &self.asking
    }

    /// The time, as inputs tell it.
    pub(crate) fn now(&self) -> SystemTime {
        self.inputs.now()
    }

    /// What is valid now, made where there is nothing.
    pub(crate) async fn get(
        &self,
        destination: &AuthorizedDestination,
    ) -> Result<Arc<S::Value>, CredentialError> {
        let attempts = self.with(|state| state.attempts);
        if let Some(value) = self.ready() {
            return Ok(value);
        }
        let _turn = self.turn.lock().await;
        if let Some(value) = self.ready() {
            return Ok(value);
        }
        let shared = self.with(|state| (state.attempts != attempts).then(|| state.failed.clone()).flatten());
        if let Some(error) = shared {
            return Err(error);
        }
        let inputs = Watched::new(&self.inputs);
        let ask = Ask { asking: &self.asking, destination, inputs: &inputs, now: self.inputs.now() };
        let made = self.source.make(&ask).await;
        let now = self.inputs.now();
        self.with(|state| state.take(made, Arc::new(inputs), now, self.asking.source_name))
    }

    /// The store refused one that `is_used` knows. Whether the request is to be sent once more: because there is a newer one, or
    /// because one is to be made.
    pub(crate) fn refused(&self, is_used: impl Fn(&S::Value) -> bool) -> bool {
        let now = self.inputs.now();
        self.with(|state| {
            let Some(held) = &state.held else { return true };
            if !is_used(&held.value) {
                return true;
            }
            let is_new = |at: SystemTime| now.duration_since(at).is_ok_and(|past| past < AGAIN);
            // What does not expire would be made from the same inputs again.
            if held.expires.is_none() || state.refused_at.is_some_and(is_new) {
                return false;
            }
            state.refused_at = Some(now);
            state.held = None;
            true
        })
    }

    /// What is held, where it need not be renewed.
    fn ready(&self) -> Option<Arc<S::Value>> {
        let now = self.inputs.now();
        let (value, inputs) = self.with(|state| {
            let held = state.held.as_ref().filter(|held| held.renew_at.is_none_or(|at| now < at))?;
            Some((Arc::clone(&held.value), Arc::clone(&held.inputs)))
        })?;
        inputs.is_unchanged().then_some(value)
    }

    fn with<R>(&self, act: impl FnOnce(&mut State<S::Value>) -> R) -> R {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> State<T> {
    fn take(
        &mut self,
        made: Result<Made<T>, CredentialError>,
        inputs: Arc<Watched>,
        now: SystemTime,
        source_name: &'static str,
    ) -> Result<Arc<T>, CredentialError> {
        self.attempts = self.attempts.wrapping_add(1);
        match made {
            Ok(Made { value, expires }) => {
                self.failed = None;
                let value = Arc::new(value);
                let renew_at = expires.map(|expires| {
                    let lifetime = expires.duration_since(now).unwrap_or_default();
                    expires.checked_sub(MARGIN.min(lifetime / 5)).unwrap_or(expires)
                });
                self.held = Some(Held { value: Arc::clone(&value), expires, renew_at, inputs });
                Ok(value)
            }
            Err(error) => {
                // A login that fails for a moment, or a new secret that its issuer does not know yet, fails no batch.
                if let Some(held) = &mut self.held
                    && let Some(expires) = held.expires.filter(|expires| now < *expires)
                {
                    tracing::warn!(source = source_name, %error, "a credential is not renewed; the old one is still valid");
                    held.renew_at = Some(expires.min(now + PAUSE));
                    held.inputs = inputs;
                    return Ok(Arc::clone(&held.value));
                }
                self.held = None;
                self.failed = Some(error.clone());
                Err(error)
            }
        }
    }
}
