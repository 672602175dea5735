//! A provider: a linked component with its policy, settings and environment, ready to be called.

use std::sync::Arc;

use portcullis_egress::Client;
use portcullis_policy::{AuthorizedEnvironment, Event, EventSink, Policy};
use wasmtime_wasi_config::WasiConfigVariables;

use crate::call::{self, BackendPre, CallError, Outcome};
use crate::component::Component;
use crate::engine::Engine;
use crate::host::State;
use crate::link::{self, LinkError};

/// A backend that can be called. Every call has a store of its own: nothing is left of it afterwards.
pub struct Provider {
    engine: Engine,
    linked: BackendPre<State>,
    policy: Arc<Policy>,
    settings: Arc<WasiConfigVariables>,
    environment: AuthorizedEnvironment,
    client: Option<Arc<Client>>,
    events: Arc<dyn EventSink>,
}

impl Provider {
    /// Links `component` under `policy`.
    ///
    /// `settings` is what the guest reads from `wasi:config/store`; credentials are not among it. `client` sends what
    /// the policy allows, and has been built from the same policy; a policy without destinations needs none.
    ///
    /// # Errors
    ///
    /// Where the component is not the one that the policy names, imports what it does not grant, or is no backend; where
    /// there are destinations and no client.
    pub fn link(
        engine: &Engine,
        component: &Component,
        policy: Arc<Policy>,
        settings: impl IntoIterator<Item = (String, String)>,
        environment: AuthorizedEnvironment,
        client: Option<Arc<Client>>,
        events: Arc<dyn EventSink>,
    ) -> Result<Self, LinkError> {
        if client.is_none() && !policy.destinations().is_empty() {
            return Err(LinkError::NoClient);
        }
        let linked = link::link(engine, component, &policy)?;
        events.record(&Event::Loaded {
            provider: policy.provider().clone(),
            digest: *component.source(),
            policy: policy.id(),
        });
        Ok(Self {
            engine: engine.clone(),
            linked,
            policy,
            settings: Arc::new(settings.into_iter().collect()),
            environment,
            client,
            events,
        })
    }

    /// Resolves a batch of unique handles: one outcome for each, in their order.
    ///
    /// Waits for a free slot of the engine first; the provider's limits count from then on. Must be called within a
    /// Tokio runtime that has its timer enabled.
    ///
    /// # Errors
    ///
    /// Where the batch as a whole failed: a limit, a crash, an answer that breaks the contract.
    pub async fn resolve(&self, handles: &[String]) -> Result<Vec<Outcome>, CallError> {
        let _slot = self.engine.slot().await.ok_or(CallError::NoTicker)?;
        let outcome = call::run(self, handles).await;
        if let Err(error) = &outcome
            && let (Some(reason), Some(limit)) = (error.reason(), error.limit())
        {
            self.events.record(&Event::LimitReached {
                provider: self.policy.provider().clone(),
                reason,
                limit,
            });
        }
        outcome
    }

    /// The effective policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) fn shared_policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    pub(crate) fn client(&self) -> Option<&Arc<Client>> {
        self.client.as_ref()
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn linked(&self) -> &BackendPre<State> {
        &self.linked
    }

    pub(crate) fn settings(&self) -> &Arc<WasiConfigVariables> {
        &self.settings
    }

    pub(crate) fn environment(&self) -> &AuthorizedEnvironment {
        &self.environment
    }

    pub(crate) fn events(&self) -> &Arc<dyn EventSink> {
        &self.events
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("policy", &self.policy).finish_non_exhaustive()
    }
}
