//! One request, from the decision to the headers of its answer.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, Method};
use portcullis_policy::AuthorizedRequest;
use secrecy::SecretString;
use tokio::time::Instant;

use super::Client;
use crate::body::{Bounds, Collected};
use crate::connection::{Connection, Dial, SetupError};
use crate::credential::{Attach, Outgoing};
use crate::error::of_client;
use crate::scrub::Scrubber;
use crate::{RequestBody, ResponseBody, SendError};

/// Times that a guest asks for. Each is at most what the policy says; nothing means what the policy says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuestTimeouts {
    /// Until there is a connection.
    pub connect: Option<Duration>,
    /// Until the answer's headers are there.
    pub first_byte: Option<Duration>,
    /// Between two pieces of the answer.
    pub between_bytes: Option<Duration>,
}

/// Shortest time that a guest's own may be: zero would be a request that cannot succeed.
const SHORTEST: Duration = Duration::from_millis(1);

fn clamp(guest: Option<Duration>, policy: Duration) -> Duration {
    guest.map_or(policy, |guest| guest.clamp(SHORTEST, policy.max(SHORTEST)))
}

pub(super) async fn send(
    client: &Client,
    request: &AuthorizedRequest,
    guest_headers: &HeaderMap,
    body: RequestBody,
    timeouts: GuestTimeouts,
) -> Result<http::Response<ResponseBody>, SendError> {
    let destination = request.destination();
    let limits = destination.request_limits();
    let deadline = Instant::now() + limits.total;
    let connect = clamp(timeouts.connect, limits.connect);
    let first_byte = clamp(timeouts.first_byte, limits.first_byte);
    let place = client.places.take(destination.name(), limits.concurrent, connect).await?;
    let credential =
        request.credential().and_then(|_| client.credentials.get(destination.name())).map(Arc::clone);
    let whole = credential.as_ref().is_some_and(|credential| credential.needs_body());
    let connection = client.pool.connection(Dial::Destination(destination.clone())).map_err(of_setup)?;
    let exchange = async {
        let body = body.collect(limits.request_bytes, whole).await?;
        let headers = sent_headers(request, guest_headers);
        Exchange {
            client,
            connection,
            request,
            headers,
            credential,
            wait: connect.saturating_add(first_byte),
        }
        .run(body)
        .await
    };
    // Pinned where they are, here and below: futures of this size are not moved around.
    let exchange = std::pin::pin!(exchange);
    let (response, scrubber) =
        tokio::time::timeout_at(deadline, exchange).await.map_err(|_| SendError::Deadline)??;
    let bounds = Bounds {
        bytes: limits.response_bytes,
        deadline,
        between: clamp(timeouts.between_bytes, limits.first_byte),
    };
    let (mut parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
    parts.headers = received_headers(&parts.headers, limits.headers, limits.header_bytes.get(), &scrubber)?;
    // What the client knows of the connection is not the guest's.
    parts.extensions = http::Extensions::new();
    Ok(http::Response::from_parts(parts, ResponseBody::new(body, &bounds, scrubber, place)))
}

/// One request on one connection, twice where a credential is made anew.
struct Exchange<'a> {
    client: &'a Client,
    connection: Connection,
    request: &'a AuthorizedRequest,
    headers: HeaderMap,
    credential: Option<Arc<dyn Attach>>,
    /// Longest wait for the answer's headers.
    wait: Duration,
}

impl Exchange<'_> {
    async fn run(self, body: Collected) -> Result<(reqwest::Response, Scrubber), SendError> {
        let whole = match body {
            Collected::Longer(rest) => {
                let (request, secrets) = self.outgoing(&[]).await?;
                let request = with_body(request, reqwest::Body::wrap(rest));
                let response = self.attempt(request).await?;
                if let Some(credential) = &self.credential {
                    // It cannot be sent again; the next one has what is made anew.
                    credential.refused(response.status(), &secrets).await;
                }
                return Ok((response, self.scrubber(secrets)));
            }
            Collected::Whole(whole) => whole,
        };
        let (request, secrets) = self.outgoing(&whole).await?;
        let response = self.attempt(with_body(request, whole.clone())).await?;
        let Some(credential) = &self.credential else {
            return Ok((response, self.scrubber(secrets)));
        };
        if !credential.refused(response.status(), &secrets).await {
            return Ok((response, self.scrubber(secrets)));
        }
        drop(response);
        let (request, mut known) = self.outgoing(&whole).await?;
        // The store may still say what it refused.
        known.extend(secrets);
        Ok((self.attempt(with_body(request, whole)).await?, self.scrubber(known)))
    }

    /// What finds these texts in the answer, and from now on in all that comes from the guest.
    fn scrubber(&self, secrets: Vec<SecretString>) -> Scrubber {
        self.client.known.scrubber(self.request.destination().name(), secrets)
    }

    /// The request as it leaves, built from the URL that was decided on, with its credential.
    async fn outgoing(&self, body: &[u8]) -> Result<(reqwest::Request, Vec<SecretString>), SendError> {
        let method = Method::from_bytes(self.request.method().as_bytes())
            .map_err(|_| SendError::Protocol("no such method".to_owned()))?;
        let mut headers = self.headers.clone();
        let url = self.request.url();
        let mut secrets = Vec::new();
        if let Some(credential) = &self.credential {
            let mut outgoing = Outgoing {
                destination: self.request.destination(),
                method: &method,
                url,
                headers: &mut headers,
                body,
            };
            secrets = credential.attach(&mut outgoing).await?;
        }
        let mut request = reqwest::Request::new(method, url.clone());
        *request.headers_mut() = headers;
        Ok((request, secrets))
    }

    async fn attempt(&self, request: reqwest::Request) -> Result<reqwest::Response, SendError> {
        let sent = std::pin::pin!(self.connection.send(request));
        tokio::time::timeout(self.wait, sent)
            .await
            .map_err(|_| SendError::ResponseTimeout)?
            .map_err(|error| of_client(&error))
    }
}

fn with_body(mut request: reqwest::Request, body: impl Into<reqwest::Body>) -> reqwest::Request {
    let body = body.into();
    let is_empty = body.as_bytes().is_some_and(<[u8]>::is_empty);
    // Servers take a POST without a length for a mistake, and a GET with one too.
    let writes = !matches!(request.method().as_str(), "GET" | "HEAD" | "LIST" | "DELETE" | "OPTIONS");
    if !is_empty || writes {
        *request.body_mut() = Some(body);
    }
    request
}

/// The guest's headers that were authorised.
fn sent_headers(request: &AuthorizedRequest, guest: &HeaderMap) -> HeaderMap {
    let allowed = |name: &HeaderName| request.headers().contains(name.as_str());
    guest
        .iter()
        .filter(|(name, _)| allowed(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The answer's headers, counted and cleaned.
fn received_headers(
    headers: &HeaderMap,
    count: u32,
    bytes: u64,
    scrubber: &Scrubber,
) -> Result<HeaderMap, SendError> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > usize::try_from(count).unwrap_or(usize::MAX) || size as u64 > bytes {
        return Err(SendError::ResponseHeaders);
    }
    if scrubber.is_empty() {
        return Ok(headers.clone());
    }
    let clean = |value: &http::HeaderValue| {
        let mut text = value.as_bytes().to_vec();
        if !scrubber.scrub(&mut text) {
            return Ok(value.clone());
        }
        http::HeaderValue::from_bytes(&text)
            .map_err(|_| SendError::Protocol("a header cannot be read".to_owned()))
    };
    headers.iter().map(|(name, value)| Ok((name.clone(), clean(value)?))).collect()
}

fn of_setup(error: SetupError) -> SendError {
    match error {
        SetupError::Denied(denial) => SendError::Denied(denial),
        other => SendError::Connect(other.to_string()),
    }
}
