//! The providers that are asked. Another set of them takes the place of the first between two calls, and never within one.

use std::sync::{Arc, PoisonError, RwLock};

use portcullis_secrets::{Backend, Group, Handle, ResolutionFuture};

use crate::resolver::Resolver;

#[derive(Debug)]
pub(super) struct Providers(RwLock<Arc<Resolver>>);

impl Providers {
    pub(super) fn new(resolver: Resolver) -> Self {
        Self(RwLock::new(Arc::new(resolver)))
    }

    pub(super) fn current(&self) -> Arc<Resolver> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn replace(&self, resolver: Resolver) {
        let old = {
            let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, Arc::new(resolver))
        };
        // Taking an engine apart takes a while; calls that are under way hold it for as long as they need it.
        drop(old);
    }
}

impl Backend for Providers {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        let resolver = self.current();
        Box::pin(async move { resolver.resolve_handles(handles).await })
    }

    fn most_handles(&self, group: &Group) -> usize {
        self.current().most_handles(group)
    }

    fn group(&self, handle: &Handle) -> Group {
        self.current().group(handle)
    }
}
