//! From a planned provider to one that can be called.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use portcullis_policy::{Denial, EventSink, Policy};
use portcullis_sandbox::{
    Artefact, ArtefactStore, CompileError, Engine, EngineError, LinkError, MAX_COMPONENT, Provider,
};
use thiserror::Error;

use crate::builtin::{BuiltinError, Builtins};
use crate::plan::{PlannedComponent, PlannedProvider};
use crate::trusted::{ReadError, TrustedFiles};

/// A provider that cannot be loaded.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct LoadError(Arc<Cause>);

#[derive(Debug, Error)]
enum Cause {
    #[error(transparent)]
    Builtin(#[from] BuiltinError),
    #[error("{}: {source}", path.display())]
    Compile { path: PathBuf, source: CompileError },
    #[error("{}: {denial}", path.display())]
    Denied { path: PathBuf, denial: Denial },
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Read(#[from] ReadError),
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
    calls: u32,
    one_shot: bool,
    artefacts: Option<ArtefactStore>,
    builtins: Builtins,
    events: Arc<dyn EventSink>,
    files: TrustedFiles,
    engine: Mutex<Option<Engine>>,
}

impl Loader {
    pub(super) fn new(
        calls: u32,
        one_shot: bool,
        artefacts: Option<ArtefactStore>,
        builtins: Builtins,
        events: Arc<dyn EventSink>,
        files: TrustedFiles,
    ) -> Self {
        Self { calls, one_shot, artefacts, builtins, events, files, engine: Mutex::new(None) }
    }

    /// Reads or compiles the component and links it under its policy.
    pub(super) fn load(&self, planned: &PlannedProvider) -> Result<Arc<Provider>, LoadError> {
        self.try_load(planned).map(Arc::new).map_err(|cause| LoadError(Arc::new(cause)))
    }

    fn try_load(&self, planned: &PlannedProvider) -> Result<Provider, Cause> {
        if let PlannedComponent::Unsupported(backend_type) = &planned.component {
            return Err(Cause::Unsupported(backend_type.clone()));
        }
        for narrowed in planned.policy.narrowed() {
            tracing::warn!(provider = %planned.policy.provider(), "narrowed by the ceiling: {narrowed}");
        }
        let engine = self.engine()?;
        let component = engine.load(&self.artefact(&engine, planned)?)?;
        let environment = planned.policy.decide_environment(|name| std::env::var(name).ok());
        for unset in environment.unset() {
            tracing::warn!(provider = %planned.policy.provider(), variable = unset, "granted variable is not set");
        }
        Ok(Provider::link(
            &engine,
            &component,
            Arc::clone(&planned.policy),
            planned.settings.iter().cloned(),
            environment,
            Arc::clone(&self.events),
        )?)
    }

    fn artefact(&self, engine: &Engine, planned: &PlannedProvider) -> Result<Artefact, Cause> {
        match &planned.component {
            PlannedComponent::Unsupported(backend_type) => Err(Cause::Unsupported(backend_type.clone())),
            PlannedComponent::File(path) => self.compiled(engine, &planned.policy, path),
            PlannedComponent::Builtin(name) => match self.builtins.component_file(name) {
                Some(path) => self.compiled(engine, &planned.policy, &path),
                None => Ok(self.builtins.artefact(name, engine)?),
            },
        }
    }

    /// The policy looks at the bytes of the file first; what it accepts is taken from the store or compiled.
    fn compiled(&self, engine: &Engine, policy: &Policy, path: &Path) -> Result<Artefact, Cause> {
        let mut bytes = self.files.read(path, MAX_COMPONENT as u64)?;
        let component = policy
            .decide_component(std::mem::take(&mut *bytes))
            .map_err(|denial| Cause::Denied { path: path.to_owned(), denial })?;
        match &self.artefacts {
            Some(store) => store.artefact(engine, &component),
            None => engine.compile(&component),
        }
        .map_err(|source| Cause::Compile { path: path.to_owned(), source })
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
