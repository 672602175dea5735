//! What a source gets when it is to make a credential.

use std::time::SystemTime;

use bytes::Bytes;
use portcullis_policy::AuthorizedDestination;
use portcullis_policy::network::{MetadataService, Origin, SourceEndpoint};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::super::{Asking, CredentialError, Endpoint};
use super::watched::Watched;

/// Inputs to read, a way to ask, and for whom.
pub(crate) struct Ask<'a> {
    pub(crate) asking: &'a Asking,
    pub(crate) destination: &'a AuthorizedDestination,
    pub(crate) inputs: &'a Watched,
    pub(crate) now: SystemTime,
}

impl Ask<'_> {
    /// Sends a request to an endpoint of a source.
    pub(crate) async fn send(
        &self,
        endpoint: SourceEndpoint,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, CredentialError> {
        self.asking.send(self.destination, Endpoint::Other(endpoint), request).await
    }

    /// A request of a source. Its headers are taken for secrets, and its body is wiped when it was sent.
    pub(crate) fn request(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Result<http::Request<Bytes>, CredentialError> {
        let mut request = http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            let mut value = http::HeaderValue::from_str(value)
                .map_err(|_| self.error(format!("the text for the header {name} is not one line")))?;
            value.set_sensitive(true);
            request = request.header(*name, value);
        }
        let body = Bytes::from_owner(Zeroizing::new(body.into()));
        request.body(body).map_err(|_| self.error("the endpoint's URL cannot be read"))
    }

    /// A variable of the host that is no secret.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        self.inputs.variable(name).map(|value| value.expose_secret().trim().to_owned())
    }

    /// A variable of the host that is a secret.
    pub(crate) fn secret(&self, name: &str) -> Option<SecretString> {
        self.inputs.variable(name)
    }

    pub(crate) fn error(&self, problem: impl Into<String>) -> CredentialError {
        self.asking.error(problem)
    }
}

/// A metadata service, and where it is asked: at its own address, unless the policy names another place.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub(crate) service: MetadataService,
    pub(crate) named: Option<Origin>,
}

impl Metadata {
    pub(crate) fn origin(&self) -> Origin {
        self.named.clone().unwrap_or_else(|| self.service.origin())
    }

    pub(crate) fn endpoint(&self) -> SourceEndpoint {
        self.named.clone().map_or(SourceEndpoint::Metadata(self.service), SourceEndpoint::Named)
    }
}
