//! What a resolver needs beside its plan.

use std::sync::Arc;

use portcullis_policy::{EventSink, NoEvents};
use portcullis_sandbox::ArtefactStore;

use super::Resolver;
use super::load::Loader;
use super::router::Router;
use crate::builtin::Builtins;
use crate::plan::Plan;
use crate::trusted::TrustedFiles;

/// Builds a [`Resolver`].
pub struct ResolverBuilder {
    plan: Plan,
    artefacts: Option<ArtefactStore>,
    builtins: Builtins,
    calls: u32,
    events: Arc<dyn EventSink>,
    files: TrustedFiles,
    one_shot: bool,
}

impl ResolverBuilder {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            plan,
            artefacts: None,
            builtins: Builtins::default(),
            calls: portcullis_sandbox::DEFAULT_CALLS,
            events: Arc::new(NoEvents),
            files: TrustedFiles::strict(),
            one_shot: false,
        }
    }

    /// Where compiled components are kept. Default: in memory only.
    #[must_use]
    pub fn artefacts(mut self, store: Option<ArtefactStore>) -> Self {
        self.artefacts = store;
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

    /// Under which rule component files are trusted. Default: strict.
    #[must_use]
    pub fn trusted_files(mut self, files: TrustedFiles) -> Self {
        self.files = files;
        self
    }

    /// Builds it. Nothing is loaded yet.
    #[must_use]
    pub fn build(self) -> Resolver {
        let (providers, routes, remove_trailing_line_break) = self.plan.into_parts();
        let (calls, one_shot) = (self.calls, self.one_shot);
        let loader = Loader::new(calls, one_shot, self.artefacts, self.builtins, self.events, self.files);
        Resolver { router: Router::new(providers, routes, loader, remove_trailing_line_break) }
    }
}

impl std::fmt::Debug for ResolverBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResolverBuilder").field("plan", &self.plan).finish_non_exhaustive()
    }
}
