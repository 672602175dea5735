//! What a resolver needs beside its plan.

use std::sync::{Arc, Mutex};

use portcullis_egress::Lookup;
use portcullis_policy::{EventSink, NoEvents};
use portcullis_sandbox::{ArtefactStore, Compiler};

use super::Resolver;
use super::load::Loader;
use super::router::Router;
use crate::builtin::Builtins;
use crate::catalogue::Catalogue;
use crate::components::Components;
use crate::plan::Plan;
use crate::trusted::TrustedFiles;

/// Builds a [`Resolver`].
pub struct ResolverBuilder {
    plan: Plan,
    builtins: Builtins,
    calls: u32,
    components: Components,
    events: Arc<dyn EventSink>,
    lookup: Option<Arc<dyn Lookup>>,
    one_shot: bool,
}

impl ResolverBuilder {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            plan,
            builtins: Builtins::default(),
            calls: portcullis_sandbox::DEFAULT_CALLS,
            components: Components::default(),
            events: Arc::new(NoEvents),
            lookup: None,
            one_shot: false,
        }
    }

    /// Where compiled components are kept. Default: in memory only.
    #[must_use]
    pub fn artefacts(mut self, store: Option<ArtefactStore>) -> Self {
        self.components.store = store;
        self
    }

    /// Who compiles components. Default: a thread of this process, with bounded input. Name a
    /// [`Worker`](portcullis_sandbox::Worker) where components come from people whom you do not trust with the time
    /// and memory of this process.
    #[must_use]
    pub fn compiler(mut self, compiler: Compiler) -> Self {
        self.components.compiler = compiler;
        self
    }

    /// Where the built-in backend types come from. Default: nowhere.
    #[must_use]
    pub fn builtins(mut self, builtins: Builtins) -> Self {
        self.builtins = builtins;
        self
    }

    /// How many calls may be in flight at once. Default: [`portcullis_sandbox::DEFAULT_CALLS`].
    #[must_use]
    pub fn calls(mut self, calls: u32) -> Self {
        self.calls = calls;
        self
    }

    /// For a process that resolves once and ends: no instance pool is reserved, which would take longer than the calls.
    /// Default: a pool.
    #[must_use]
    pub fn one_shot(mut self) -> Self {
        self.one_shot = true;
        self
    }

    /// Who is told of loads, denials, limits and guest logs. Default: nobody.
    #[must_use]
    pub fn events(mut self, events: Arc<dyn EventSink>) -> Self {
        self.events = events;
        self
    }

    /// Who looks up the names of destinations. Default: the resolver of the system.
    #[must_use]
    pub fn lookup(mut self, lookup: Arc<dyn Lookup>) -> Self {
        self.lookup = Some(lookup);
        self
    }

    /// Under which rule component files are trusted. Default: strict.
    #[must_use]
    pub fn trusted_files(mut self, files: TrustedFiles) -> Self {
        self.components.files = files;
        self
    }

    /// Builds it. Nothing is loaded yet.
    #[must_use]
    pub fn build(self) -> Resolver {
        let remove_trailing_line_break = self.plan.removes_trailing_line_break();
        let catalogue = Catalogue::new(self.plan, self.components.files, self.builtins.clone());
        let loader = Loader {
            calls: self.calls,
            one_shot: self.one_shot,
            components: self.components,
            builtins: self.builtins,
            events: self.events,
            lookup: self.lookup,
            engine: Mutex::new(None),
        };
        Resolver { router: Router::new(Arc::new(catalogue), loader, remove_trailing_line_break) }
    }
}

impl std::fmt::Debug for ResolverBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResolverBuilder").field("plan", &self.plan).finish_non_exhaustive()
    }
}
