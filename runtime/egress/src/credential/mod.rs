//! Credentials: what is attached to a request of the guest's, where it comes from, and when it is made anew.
//!
//! A kind is one implementation of [`Attach`]. It gets a request that the policy allowed, just before it is sent, and the
//! guest's view of it is gone. Nothing here starts a process.

mod asking;
#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "azure")]
mod azure;
#[cfg(any(feature = "aws", feature = "azure", feature = "google"))]
#[cfg_attr(
    not(all(feature = "aws", feature = "azure", feature = "google")),
    allow(dead_code, unused_imports, reason = "each kind uses a part of it")
)]
mod cloud;
#[cfg(feature = "google")]
mod google;
mod text;
mod value;
mod vault;

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderMap, Method, StatusCode};
use portcullis_policy::AuthorizedDestination;
use portcullis_policy::network::{Credential, CredentialSpec};
use secrecy::SecretString;
use thiserror::Error;
use url::Url;

use crate::client::Pool;
use crate::connection::SetupError;
use crate::inputs::{InputError, Inputs};

pub(crate) use asking::{Asking, Endpoint};
pub(crate) use text::Text;

/// Why there is no credential to attach. Holds no part of one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// A file.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A variable of the host.
    #[error("the variable {0} is not set")]
    Variable(String),
    /// The text is no text that a header can have.
    #[error("the credential from {0} is not one line of printable text")]
    NotAHeader(String),
    /// A login or token endpoint said no, or could not be asked.
    #[error("{source_name}: {problem}")]
    Source {
        /// Which, in words.
        source_name: &'static str,
        /// What it said, without any value that was sent or came back.
        problem: String,
    },
}

/// A request just before it is sent.
#[cfg_attr(
    not(all(feature = "aws", feature = "azure", feature = "google")),
    allow(dead_code, reason = "each kind uses a part of it")
)]
pub(crate) struct Outgoing<'a> {
    /// Where it goes: a source asks on behalf of this destination.
    pub(crate) destination: &'a AuthorizedDestination,
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    pub(crate) headers: &'a mut HeaderMap,
    /// The whole body, where [`Attach::needs_body`].
    pub(crate) body: &'a [u8],
}

/// How a kind of credential is attached.
#[async_trait]
pub(crate) trait Attach: Send + Sync {
    /// Whether it must see the whole body: to sign it.
    fn needs_body(&self) -> bool {
        false
    }

    /// Adds it to a request. Gives the texts that must not come back to the guest.
    async fn attach(&self, request: &mut Outgoing<'_>) -> Result<Vec<SecretString>, CredentialError>;

    /// The store answered so to a request with `used`, which [`attach`](Self::attach) gave for it. Whether the request is to
    /// be sent once more, with what `attach` then gives.
    async fn refused(&self, _status: StatusCode, _used: &[SecretString]) -> bool {
        false
    }
}

/// Makes what a policy describes. Nothing is read or asked yet.
pub(crate) fn make(
    credential: &Credential,
    inputs: &Arc<dyn Inputs>,
    pool: &Arc<Pool>,
) -> Result<Arc<dyn Attach>, SetupError> {
    match credential.spec() {
        CredentialSpec::Value(spec) => Ok(Arc::new(value::HeaderValueOf::new(
            spec.header.clone(),
            spec.prefix,
            Text::new(spec.from.clone(), inputs),
        )?)),
        CredentialSpec::Vault(spec) => vault::make(spec, inputs, pool),
        #[cfg(feature = "aws")]
        CredentialSpec::Aws(spec) => Ok(aws::make(spec, inputs, pool)),
        #[cfg(feature = "azure")]
        CredentialSpec::Azure(spec) => Ok(azure::make(spec, inputs, pool)),
        #[cfg(feature = "google")]
        CredentialSpec::Google(spec) => Ok(google::make(spec, inputs, pool)),
        _ => Err(SetupError::Kind(credential.kind().as_str())),
    }
}
