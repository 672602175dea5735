//! The connections of one provider.

use std::sync::{Arc, Mutex, PoisonError};

use portcullis_policy::network::{Destination, Tls};
use rustls::ClientConfig;

use crate::connection::{Connection, Dial, Lookup, SetupError, system_roots, tls_config};
use crate::inputs::Inputs;

/// Most origins with open connections. A wildcard makes more origins than this only where a guest goes through names.
const ORIGINS: usize = 64;

/// Connections of one provider, by what they are made for.
pub(crate) struct Pool {
    /// Ready configurations: files are read when the client is made, and not on the way of a request.
    tls: Vec<(Tls, ClientConfig)>,
    lookup: Arc<dyn Lookup>,
    open: Mutex<Vec<Open>>,
}

/// What connections are made for. Compared where it is: a request makes none.
struct Open {
    dial: Dial,
    connection: Connection,
}

impl Pool {
    pub(super) fn new(
        destinations: &[Arc<Destination>],
        lookup: Arc<dyn Lookup>,
        inputs: &dyn Inputs,
    ) -> Result<Self, SetupError> {
        let needs_public = |tls: &Tls| tls.ca.is_none();
        let mut all: Vec<Tls> = Vec::new();
        for destination in destinations {
            if !all.contains(destination.tls()) {
                all.push(destination.tls().clone());
            }
        }
        // A source is asked under the default settings. One that asks the store alone, or nobody, has no ports.
        let credentials = destinations.iter().filter_map(|destination| destination.credential());
        let has_source = credentials.into_iter().any(|credential| !credential.ports().is_empty());
        if has_source && !all.contains(&Tls::default()) {
            all.push(Tls::default());
        }
        // Reading the system's authorities takes milliseconds: only where somebody is to be believed by them.
        let public = all.iter().any(needs_public).then(system_roots);
        let public = Arc::new(public.unwrap_or_else(rustls::RootCertStore::empty));
        let config = |tls: Tls| tls_config(&tls, &public, inputs).map(|config| (tls, config));
        let tls = all.into_iter().map(config).collect::<Result<_, _>>()?;
        Ok(Self { tls, lookup, open: Mutex::default() })
    }

    /// The connections of one origin; they are made when the first request needs them.
    pub(crate) fn connection(&self, dial: Dial) -> Result<Connection, SetupError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.iter().find(|open| open.dial.is_same(&dial)) {
            return Ok(known.connection.clone());
        }
        let tls = dial.tls();
        let config = self.tls.iter().find(|(known, _)| *known == tls).map(|(_, config)| config.clone());
        let config = config.ok_or_else(|| SetupError::Tls("no such identity".to_owned()))?;
        let limits = *dial.destination().request_limits();
        let connection = Connection::new(dial.clone(), &limits, config, &self.lookup)?;
        if open.len() >= ORIGINS {
            // Requests that are under way keep theirs.
            open.clear();
        }
        open.push(Open { dial, connection: connection.clone() });
        Ok(connection)
    }
}
