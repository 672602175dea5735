//! One lookup for each connection, whose answer the policy judges before anything is dialled.

use std::net::SocketAddr;
use std::sync::Arc;

use portcullis_policy::Denial;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use super::{Dial, Lookup};

/// Resolves the one name of a connection.
pub(super) struct Resolver {
    /// What the client asks for: the name in the URL, or that of the proxy.
    pub(super) asked: String,
    pub(super) dial: Dial,
    pub(super) lookup: Arc<dyn Lookup>,
}

/// Why there is nothing to dial. Travels through the client's own error.
#[derive(Debug, Error)]
pub(crate) enum ResolveError {
    #[error(transparent)]
    Denied(#[from] Denial),
    #[error("{0}")]
    NoAddress(String),
    /// The client asked for another name than the one that was decided on: nothing is looked up.
    #[error("no such host")]
    Foreign,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let known = name.as_str() == self.asked;
        let (dial, lookup) = (self.dial.clone(), Arc::clone(&self.lookup));
        Box::pin(async move {
            let addresses = if known { resolve(&dial, &*lookup).await } else { Err(ResolveError::Foreign) };
            let addresses: Vec<SocketAddr> = addresses?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

async fn resolve(dial: &Dial, lookup: &dyn Lookup) -> Result<Vec<SocketAddr>, ResolveError> {
    let Some(origin) = dial.dialled() else { return Err(ResolveError::Foreign) };
    let answers = match origin.address() {
        Some(literal) => vec![literal],
        None => lookup
            .addresses(&origin.host())
            .await
            .map_err(|error| ResolveError::NoAddress(error.to_string()))?,
    };
    let addresses = dial.decide(&answers)?.as_slice().to_vec();
    if addresses.is_empty() {
        return Err(ResolveError::NoAddress("the answer is empty".to_owned()));
    }
    Ok(addresses)
}
