//! Connections to one origin, kept alive between requests.

mod dial;
mod lookup;
mod origin;
mod resolve;
mod tls;

pub(crate) use dial::Dial;
pub use lookup::{Lookup, SystemLookup};
pub(crate) use origin::Connection;
pub(crate) use resolve::ResolveError;
pub(crate) use tls::{config as tls_config, system_roots};

use thiserror::Error;

use crate::inputs::InputError;

/// A client that cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A file that it needs.
    #[error(transparent)]
    Input(#[from] InputError),
    /// TLS settings that cannot be.
    #[error("TLS: {0}")]
    Tls(String),
    /// A credential of a kind that this build does not have.
    #[error("credentials of kind `{0}` are not in this build: build with the feature `{0}`")]
    Kind(&'static str),
    /// A credential that cannot be.
    #[error("destination {destination}: {problem}")]
    Credential {
        /// Name of the destination.
        destination: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The policy refuses the address of a proxy.
    #[error(transparent)]
    Denied(#[from] portcullis_policy::Denial),
    /// The HTTP client refuses its settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}
