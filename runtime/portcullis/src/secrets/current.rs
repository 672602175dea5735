//! The providers that are asked. Another set of them takes the place of the first between two calls, and never within one.

use std::sync::{Arc, PoisonError, RwLock};

use portcullis_secrets::{Backend, Group, Handle, ResolutionFuture};

use super::Providers;

pub(super) struct Current(RwLock<Arc<dyn Providers>>);

impl Current {
    pub(super) fn new(providers: impl Providers) -> Self {
        Self(RwLock::new(Arc::new(providers)))
    }

    pub(super) fn get(&self) -> Arc<dyn Providers> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn replace(&self, providers: impl Providers) {
        let old = {
            let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, Arc::new(providers))
        };
        // Taking an engine apart takes a while; calls that are under way hold it for as long as they need it.
        drop(old);
    }
}

impl Backend for Current {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        let providers = self.get();
        Box::pin(async move { providers.resolve(handles).await })
    }

    fn most_handles(&self, group: &Group) -> usize {
        self.get().most_handles(group)
    }

    fn group(&self, handle: &Handle) -> Group {
        self.get().group(handle)
    }
}

impl std::fmt::Debug for Current {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Current").finish_non_exhaustive()
    }
}
