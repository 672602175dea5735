//! How a credential source asks: over the same client, to endpoints that the policy judges.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use portcullis_policy::AuthorizedDestination;
use portcullis_policy::network::SourceEndpoint;

use super::CredentialError;
use crate::client::Pool;
use crate::connection::Dial;
use crate::error::of_client;

/// Longest answer of a source.
const ANSWER: usize = 256 << 10;
/// Longest wait for one answer. Requests of the guest wait with it, within their own `limits.total`.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whom a source asks.
#[cfg_attr(
    not(all(feature = "aws", feature = "azure", feature = "google")),
    allow(dead_code, reason = "each kind uses a part of it")
)]
#[derive(Clone, Debug)]
pub(crate) enum Endpoint {
    /// The store that the credential is for, at its own origin: a login.
    Store,
    /// Somebody else.
    Other(SourceEndpoint),
}

/// Sends the requests of a credential source.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) pool: Arc<Pool>,
    /// Where the name of the source stands in errors.
    pub(crate) source_name: &'static str,
}

impl Asking {
    /// Sends a request for `destination`'s credential and reads the whole answer. The URL's origin is that of the endpoint.
    pub(crate) async fn send(
        &self,
        destination: &AuthorizedDestination,
        endpoint: Endpoint,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, CredentialError> {
        let dial = match endpoint {
            Endpoint::Store => Dial::Destination(destination.clone()),
            Endpoint::Other(endpoint) => Dial::Source(
                destination.decide_source(endpoint).map_err(|denial| self.error(denial.to_string()))?,
            ),
        };
        let origin = dial.origin().to_string();
        let request = reqwest::Request::try_from(request.map(reqwest::Body::from))
            .map_err(|_| self.error("the endpoint's URL cannot be read"))?;
        if request.url().origin().ascii_serialization() != origin {
            return Err(self.error(format!("the request goes to another origin than {origin}")));
        }
        let connection = self.pool.connection(dial).map_err(|error| self.error(error.to_string()))?;
        let exchange = async {
            let response = connection.send(request).await.map_err(|error| of_client(&error).to_string())?;
            let (parts, mut body) = http::Response::<reqwest::Body>::from(response).into_parts();
            let mut bytes = BytesMut::new();
            while let Some(frame) = http_body_util::BodyExt::frame(&mut body).await {
                let frame = frame.map_err(|error| of_client(&error).to_string())?;
                if let Ok(data) = frame.into_data() {
                    if bytes.len().saturating_add(data.len()) > ANSWER {
                        return Err(format!("the answer is over {ANSWER} bytes"));
                    }
                    bytes.extend_from_slice(&data);
                }
            }
            Ok(http::Response::from_parts(parts, bytes.freeze()))
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Err(_) => Err(self.error(format!("{origin} did not answer in time"))),
            Ok(outcome) => outcome.map_err(|problem| self.error(format!("{origin}: {problem}"))),
        }
    }

    pub(crate) fn error(&self, problem: impl Into<String>) -> CredentialError {
        CredentialError::Source { source_name: self.source_name, problem: problem.into() }
    }
}
