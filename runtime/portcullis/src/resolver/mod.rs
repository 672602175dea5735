//! The plan put to work.

mod builder;
mod load;
mod router;

use std::sync::Arc;

use portcullis_sandbox::Calls;
use portcullis_secrets::{
    Backend, Document, Group, Handle, Resolution, ResolutionFuture, Resolved, resolve_document,
};

pub use builder::ResolverBuilder;
pub use load::LoadError;
pub use router::Fault;
use router::Router;

use crate::catalogue::Catalogue;
use crate::plan::Plan;
use crate::secrets::Providers;

/// Resolves handles and documents through sandboxed providers.
///
/// A provider is loaded when the first handle is routed to it, and then stays loaded; every batch runs in a sandbox of
/// its own. Shared freely between tasks.
pub struct Resolver {
    router: Router,
}

impl Resolver {
    /// Begins to build one.
    #[must_use]
    pub fn builder(plan: Plan) -> ResolverBuilder {
        ResolverBuilder::new(plan)
    }

    /// Gets ready what these handles need: components are read, verified, compiled or taken from the store, and their
    /// code is in memory. Afterwards resolving them starts no process and opens no component or artefact.
    ///
    /// Needs no Tokio runtime and starts no thread that lives on, so it can be called before a process gives up rights
    /// that only this takes. Not needed otherwise. Blocks while it compiles; what goes wrong is said when the handles
    /// are resolved.
    pub fn prepare(&self, handles: &[Handle]) {
        self.router.prepare(handles);
    }

    /// The same for every provider: for a process that lives on under the rights that it has left.
    pub fn prepare_all(&self) {
        self.router.prepare_all();
    }

    /// Loads every provider now, and says which cannot be. Blocks while it compiles; to be called within a Tokio runtime.
    pub fn load_all(&self) -> Vec<Fault> {
        self.router.load_all()
    }

    /// The providers as they are described.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        self.router.catalogue()
    }

    /// Calls of sandboxes, under way and at most; nothing before the first provider is loaded.
    #[must_use]
    pub fn calls(&self) -> Option<Calls> {
        self.router.calls()
    }

    /// Whether a provider may send requests: then it needs a Tokio runtime with I/O enabled, beside the timer.
    #[must_use]
    pub fn sends_requests(&self) -> bool {
        self.router.sends_requests()
    }

    /// Resolves every handle of a document: what cannot be resolved keeps its `ENC[…]` and is among the failures.
    pub async fn resolve<'d>(&self, document: &'d Document<'_>) -> Resolved<'d> {
        resolve_document(document, self).await
    }

    /// Resolves a batch of handles: one resolution for each, in their order.
    pub async fn resolve_handles(&self, handles: &[Handle]) -> Vec<Resolution> {
        self.router.batch(handles).await
    }

    /// What went wrong with providers as a whole, the last 64 of it: one that could not be loaded, a call that ended early.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.router.faults()
    }
}

impl Backend for Resolver {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(self.router.batch(handles))
    }

    fn most_handles(&self, group: &Group) -> usize {
        self.catalogue().most_handles(group)
    }

    fn group(&self, handle: &Handle) -> Group {
        self.catalogue().group(handle)
    }
}

impl Providers for Resolver {
    fn catalogue(&self) -> &Catalogue {
        self.router.catalogue()
    }

    fn faults(&self) -> Vec<Fault> {
        self.router.faults()
    }

    fn calls(&self) -> Option<Calls> {
        self.router.calls()
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}
