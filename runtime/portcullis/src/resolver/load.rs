//! From a planned provider to one that can be called.

use std::sync::{Arc, Mutex, PoisonError};

use portcullis_egress::{Client, Lookup, SetupError};
use portcullis_policy::EventSink;
use portcullis_sandbox::{Artefact, Calls, Component, Engine, EngineError, LinkError, Provider};
use thiserror::Error;

use crate::builtin::{BuiltinError, Builtins};
use crate::components::{ComponentError, Components};
use crate::inputs::HostInputs;
use crate::plan::{PlannedComponent, PlannedProvider};

/// A provider that cannot be loaded.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct LoadError(Arc<Cause>);

#[derive(Debug, Error)]
enum Cause {
    #[error(transparent)]
    Builtin(#[from] BuiltinError),
    #[error("its requests cannot be sent: {0}")]
    Client(#[from] SetupError),
    #[error(transparent)]
    Component(#[from] ComponentError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("{}", portcullis_compat::exec::unsupported_type(.0))]
    Unsupported(String),
}

impl LoadError {
    /// A name that no provider has.
    pub(super) fn unsupported(name: &str) -> Self {
        Self(Arc::new(Cause::Unsupported(name.to_owned())))
    }

    /// Whether the configuration names a backend type that there is none of: the reference answers that per handle.
    #[must_use]
    pub fn is_unsupported_type(&self) -> bool {
        matches!(*self.0, Cause::Unsupported(_))
    }
}

/// Loads providers. The engine starts with the first one: a run without handles costs nothing.
pub(super) struct Loader {
    pub(super) calls: u32,
    pub(super) one_shot: bool,
    pub(super) components: Components,
    pub(super) builtins: Builtins,
    pub(super) events: Arc<dyn EventSink>,
    /// Who looks up names; nothing for the resolver of the system.
    pub(super) lookup: Option<Arc<dyn Lookup>>,
    pub(super) engine: Mutex<Option<Engine>>,
}

impl Loader {
    /// Reads or compiles the component, and takes its code into memory. Starts no task and no ticker; ends every process
    /// that it starts.
    pub(super) fn component(&self, planned: &PlannedProvider) -> Result<Component, LoadError> {
        let load = || {
            let engine = self.engine()?;
            Ok(engine.load(&self.artefact(&engine, planned)?)?)
        };
        load().map_err(|cause: Cause| LoadError(Arc::new(cause)))
    }

    /// Reads the certificates and keys that its requests need. Connects to nothing, and starts no task.
    pub(super) fn client(&self, planned: &PlannedProvider) -> Result<Option<Arc<Client>>, LoadError> {
        if planned.policy.destinations().is_empty() {
            return Ok(None);
        }
        let mut client = Client::builder(Arc::new(HostInputs(self.components.files)));
        if let Some(lookup) = &self.lookup {
            client = client.lookup(Arc::clone(lookup));
        }
        let client = client.build(&planned.policy).map_err(|error| LoadError(Arc::new(error.into())))?;
        Ok(Some(Arc::new(client)))
    }

    /// Links a component under its policy.
    pub(super) fn link(
        &self,
        planned: &PlannedProvider,
        component: &Component,
        client: Option<Arc<Client>>,
    ) -> Result<Arc<Provider>, LoadError> {
        self.try_link(planned, component, client).map(Arc::new).map_err(|cause| LoadError(Arc::new(cause)))
    }

    fn try_link(
        &self,
        planned: &PlannedProvider,
        component: &Component,
        client: Option<Arc<Client>>,
    ) -> Result<Provider, Cause> {
        for narrowed in planned.policy.narrowed() {
            tracing::warn!(provider = %planned.policy.provider(), "narrowed by the ceiling: {narrowed}");
        }
        let environment = planned.policy.decide_environment(|name| std::env::var(name).ok());
        for unset in environment.unset() {
            tracing::warn!(provider = %planned.policy.provider(), variable = unset, "granted variable is not set");
        }
        Ok(Provider::link(
            &self.engine()?,
            component,
            Arc::clone(&planned.policy),
            planned.settings.iter().cloned(),
            environment,
            client,
            Arc::clone(&self.events),
        )?)
    }

    /// The policy looks at the bytes of a file first; what it accepts is taken from the store or compiled.
    fn artefact(&self, engine: &Engine, planned: &PlannedProvider) -> Result<Artefact, Cause> {
        let (path, policy) = match &planned.component {
            PlannedComponent::Unsupported(backend_type) => {
                return Err(Cause::Unsupported(backend_type.clone()));
            }
            PlannedComponent::File(path) => (path.clone(), &planned.policy),
            PlannedComponent::Builtin(name) => match self.builtins.component_file(name) {
                Some(path) => (path, &planned.policy),
                None => return Ok(self.builtins.artefact(name, engine)?),
            },
        };
        Ok(self.components.artefact(engine, policy, &path)?)
    }

    /// The calls of the engine; nothing where it has not started.
    pub(super) fn calls(&self) -> Option<Calls> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Engine::calls)
    }

    fn engine(&self) -> Result<Engine, EngineError> {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*engine {
            return Ok(engine.clone());
        }
        let started = if self.one_shot { Engine::on_demand(self.calls)? } else { Engine::new(self.calls)? };
        Ok(engine.insert(started).clone())
    }
}
