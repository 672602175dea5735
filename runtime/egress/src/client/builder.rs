//! Makes a client: everything that it reads from files is read here.

use std::collections::HashMap;
use std::sync::Arc;

use portcullis_policy::Policy;

use super::Client;
use super::known::Known;
use super::places::Places;
use super::pool::Pool;
use crate::connection::{Lookup, SetupError, SystemLookup};
use crate::credential;
use crate::inputs::Inputs;

/// Builds a [`Client`].
pub struct ClientBuilder {
    inputs: Arc<dyn Inputs>,
    lookup: Arc<dyn Lookup>,
}

impl Client {
    /// Begins one. Certificates, keys and credentials are read through `inputs`.
    #[must_use]
    pub fn builder(inputs: Arc<dyn Inputs>) -> ClientBuilder {
        ClientBuilder { inputs, lookup: Arc::new(SystemLookup::default()) }
    }
}

impl ClientBuilder {
    /// Who looks up names. Default: the resolver of the system.
    #[must_use]
    pub fn lookup(mut self, lookup: Arc<dyn Lookup>) -> Self {
        self.lookup = lookup;
        self
    }

    /// Builds the client of a policy's provider. Reads certificates and keys; asks nobody and connects to nothing.
    ///
    /// # Errors
    /// Where a file cannot be used, or this build lacks a kind of credential.
    pub fn build(self, policy: &Policy) -> Result<Client, SetupError> {
        let pool = Arc::new(Pool::new(policy.destinations(), self.lookup, &*self.inputs)?);
        let mut credentials = HashMap::new();
        for destination in policy.destinations() {
            if let Some(credential) = destination.credential()
                && !credentials.contains_key(destination.name())
            {
                let attach = credential::make(credential, &self.inputs, &pool)?;
                credentials.insert(destination.name().to_owned(), attach);
            }
        }
        Ok(Client { pool, places: Places::default(), known: Known::default(), credentials })
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientBuilder")
    }
}
