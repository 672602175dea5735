//! One token for one destination: made at its first use, kept, renewed, and made anew.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use http::StatusCode;
use portcullis_policy::AuthorizedDestination;
use secrecy::SecretString;
use tokio::sync::Mutex;

use super::calls::{Calls, NAMESPACE, TOKEN};
use super::lease::Lease;
use super::login::Login;
use crate::credential::{Attach, CredentialError, Outgoing, Text};
use crate::inputs::Inputs;

/// So long a failure is the answer to all who ask, and so long a token that replaced a refused one is not replaced again:
/// a store that says no is not asked by each request, and no user is locked out for it.
const PAUSE: Duration = Duration::from_secs(5);

/// Where tokens come from.
pub(super) enum Source {
    /// From whoever gives them.
    Given { text: Text, renew: bool },
    /// From the store.
    Login(Login),
}

/// The token of one destination.
pub(super) struct Session {
    source: Source,
    calls: Calls,
    inputs: Arc<dyn Inputs>,
    /// Held while one token is made: whoever else needs it waits for that one.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    lease: Option<Lease>,
    /// When making one failed, and why.
    failed: Option<(SystemTime, CredentialError)>,
    /// When the store was last found to have forgotten one.
    replaced: Option<SystemTime>,
}

impl Session {
    pub(super) fn new(source: Source, calls: Calls, inputs: Arc<dyn Inputs>) -> Self {
        Self { source, calls, inputs, state: Mutex::default() }
    }

    /// A token that counts now.
    async fn lease(&self, destination: &AuthorizedDestination) -> Result<Lease, CredentialError> {
        let mut state = self.state.lock().await;
        let given = match &self.source {
            Source::Given { text, .. } => Some(text.get()?),
            Source::Login(_) => None,
        };
        if let Some(given) = &given
            && state.lease.as_ref().is_some_and(|lease| !lease.is(given))
        {
            *state = State::default();
        }
        let now = self.inputs.now();
        let old = state.lease.clone().filter(|lease| lease.is_alive(now));
        if let Some(lease) = &old
            && !lease.is_due(now)
        {
            return Ok(lease.clone());
        }
        if let Some((when, error)) = &state.failed
            && is_within_pause(*when, now)
        {
            return old.ok_or_else(|| error.clone());
        }
        match self.make(old.as_ref(), given, destination).await {
            Ok(lease) => {
                state.failed = None;
                state.lease = Some(lease.clone());
                Ok(lease)
            }
            Err(error) => {
                // A file that is not there yet is nobody's burden.
                if matches!(error, CredentialError::Source { .. }) {
                    state.failed = Some((self.inputs.now(), error.clone()));
                }
                old.ok_or(error)
            }
        }
    }

    async fn make(
        &self,
        old: Option<&Lease>,
        given: Option<SecretString>,
        destination: &AuthorizedDestination,
    ) -> Result<Lease, CredentialError> {
        if let Some(old) = old.filter(|old| old.is_renewable())
            && let Some(granted) = self.calls.renew(old).await?
        {
            let renewed = old.renewed(&granted, self.inputs.now());
            return Ok(if given.is_some() { renewed.unless_renewable_endless() } else { renewed });
        }
        match (&self.source, given) {
            (Source::Given { renew: true, .. }, Some(token)) => {
                let known = self.calls.look_up(&token, destination).await?.ok_or_else(|| {
                    self.calls.asking.error(
                        "the token is not valid, or may not look itself up: give another, or remove `renew`",
                    )
                })?;
                let lease = Lease::new(known, Vec::new(), destination, self.inputs.now());
                Ok(lease.unless_renewable_endless())
            }
            (_, Some(token)) => Ok(Lease::endless(token, destination)),
            (Source::Login(login), None) => {
                let prepared = login.prepare(destination).await?;
                let granted = self.calls.login(&prepared, destination).await?;
                Ok(Lease::new(granted, prepared.secrets, destination, self.inputs.now()))
            }
            (Source::Given { text, .. }, None) => Ok(Lease::endless(text.get()?, destination)),
        }
    }

    /// Forgets a token that the store no longer knows. Whether that is so.
    async fn replace(&self, lease: &Lease) -> bool {
        // Most often it is the path that is forbidden. That would make a login of every such request.
        if !matches!(self.calls.look_up(&lease.token, &lease.destination).await, Ok(None)) {
            return false;
        }
        let mut state = self.state.lock().await;
        if state.lease.as_ref().is_some_and(|current| current.is(&lease.token)) {
            state.lease = None;
            state.replaced = Some(self.inputs.now());
        }
        true
    }
}

#[async_trait]
impl Attach for Session {
    async fn attach(&self, request: &mut Outgoing<'_>) -> Result<Vec<SecretString>, CredentialError> {
        let lease = self.lease(request.destination).await?;
        request.headers.insert(TOKEN, self.calls.header(&lease.token)?);
        if let Some(namespace) = &self.calls.namespace {
            // The guest's own is here only where the policy lists it.
            request.headers.entry(NAMESPACE).or_insert_with(|| namespace.clone());
        }
        let mut secrets = vec![lease.token];
        secrets.extend(lease.others);
        Ok(secrets)
    }

    async fn refused(&self, status: StatusCode, used: &[SecretString]) -> bool {
        if status != StatusCode::FORBIDDEN {
            return false;
        }
        if let Source::Given { text, .. } = &self.source {
            return text.is_newer(used);
        }
        let lease = {
            let state = self.state.lock().await;
            match &state.lease {
                Some(lease) if used.first().is_some_and(|used| lease.is(used)) => {
                    let now = self.inputs.now();
                    if state.replaced.is_some_and(|when| is_within_pause(when, now)) {
                        return false;
                    }
                    lease.clone()
                }
                // Somebody else has found it out.
                _ => return true,
            }
        };
        self.replace(&lease).await
    }
}

fn is_within_pause(when: SystemTime, now: SystemTime) -> bool {
    // A clock that was set back is not waited for.
    now.duration_since(when).is_ok_and(|since| since < PAUSE)
}
