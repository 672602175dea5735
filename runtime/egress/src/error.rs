//! Why a request did not happen, or did not end.

use portcullis_policy::{Bytes, Denial, Reason};
use thiserror::Error;

use crate::body::{AbortedBody, CollectError, TooLarge};
use crate::connection::ResolveError;
use crate::credential::CredentialError;

/// Why there is no answer, or not all of it. Holds no part of a request, of an answer or of a credential.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum SendError {
    /// The policy refused the addresses of the host.
    #[error(transparent)]
    Denied(Denial),
    /// There is no credential to attach.
    #[error("no credential: {0}")]
    Credential(#[from] CredentialError),
    /// Too many requests of this provider are under way.
    #[error(
        "more than {limit} requests to {destination} at once: raise its `limits.concurrent`, or ask for less"
    )]
    Busy {
        /// Name of the destination.
        destination: String,
        /// The limit.
        limit: u32,
    },
    /// The name has no address.
    #[error("the name cannot be resolved: {0}")]
    NoAddress(String),
    /// No connection within `limits.connect`.
    #[error("no connection in time")]
    ConnectTimeout,
    /// Nobody listens, or the way is blocked.
    #[error("no connection: {0}")]
    Connect(String),
    /// The server's certificate is not accepted.
    #[error("the server's certificate is not accepted: {0}")]
    Certificate(String),
    /// The TLS handshake failed.
    #[error("TLS: {0}")]
    Tls(String),
    /// No headers of the answer, or no next piece of it, within `limits.first_byte`.
    #[error("the server did not answer in time")]
    ResponseTimeout,
    /// Not done within `limits.total`.
    #[error("the request took longer than its `limits.total`")]
    Deadline,
    /// The request's body is over `limits.request_bytes`.
    #[error(
        "the request's body is over {0}: raise `limits.request_bytes` of the destination if that is meant"
    )]
    RequestBody(Bytes),
    /// The guest did not finish the body of its request.
    #[error("the guest did not finish the body of its request")]
    RequestAborted,
    /// The answer's body is over `limits.response_bytes`.
    #[error(
        "the answer's body is over {0}: raise `limits.response_bytes` of the destination if that is meant"
    )]
    ResponseBody(Bytes),
    /// The answer's headers are over `limits.headers` or `limits.header_bytes`.
    #[error("the answer's headers are over `limits.headers` or `limits.header_bytes` of the destination")]
    ResponseHeaders,
    /// The connection ended early.
    #[error("the connection ended early")]
    Terminated,
    /// The server broke the rules of HTTP.
    #[error("the server's answer is no HTTP: {0}")]
    Protocol(String),
}

impl SendError {
    /// The stable reason, where the policy or one of its limits is the cause.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Denied(denial) => Some(denial.reason()),
            Self::RequestBody(_) | Self::ResponseBody(_) | Self::ResponseHeaders => {
                Some(Reason::NetLimitBytes)
            }
            Self::Busy { .. } => Some(Reason::NetLimitRequests),
            Self::Deadline | Self::ConnectTimeout | Self::ResponseTimeout => Some(Reason::NetDeadline),
            _ => None,
        }
    }
}

impl From<CollectError> for SendError {
    fn from(error: CollectError) -> Self {
        match error {
            CollectError::TooLarge(TooLarge(limit)) => Self::RequestBody(limit),
            CollectError::Aborted(AbortedBody) => Self::RequestAborted,
        }
    }
}

/// What an error of the HTTP client means. Its text names URLs and addresses, and so is not passed on as it is.
pub(crate) fn of_client(error: &reqwest::Error) -> SendError {
    for cause in causes(error) {
        if let Some(cause) = cause.downcast_ref::<ResolveError>() {
            return match cause {
                ResolveError::Denied(denial) => SendError::Denied(denial.clone()),
                ResolveError::NoAddress(problem) => SendError::NoAddress(problem.clone()),
                ResolveError::Foreign => SendError::NoAddress("no such host".to_owned()),
            };
        }
        if let Some(TooLarge(limit)) = cause.downcast_ref() {
            return SendError::RequestBody(*limit);
        }
        if cause.is::<AbortedBody>() {
            return SendError::RequestAborted;
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return of_tls(tls);
        }
    }
    of_transport(error)
}

fn of_tls(error: &rustls::Error) -> SendError {
    match error {
        rustls::Error::InvalidCertificate(problem) => SendError::Certificate(format!("{problem:?}")),
        rustls::Error::AlertReceived(alert) => SendError::Tls(format!("the server sent {alert:?}")),
        _ => SendError::Tls("the handshake failed".to_owned()),
    }
}

fn of_transport(error: &reqwest::Error) -> SendError {
    let io = causes(error).find_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    let http = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    if error.is_timeout() {
        return if error.is_connect() { SendError::ConnectTimeout } else { SendError::ResponseTimeout };
    }
    if error.is_connect() {
        return SendError::Connect(io.map_or_else(|| "refused".to_owned(), |kind| kind.to_string()));
    }
    match http {
        // The client tells this apart in words alone.
        Some(http) if http.is_parse() && http.to_string().contains("too large") => SendError::ResponseHeaders,
        Some(http) if http.is_parse() => SendError::Protocol("its head cannot be read".to_owned()),
        Some(http) if http.is_incomplete_message() || http.is_closed() || http.is_canceled() => {
            SendError::Terminated
        }
        _ if io.is_some() => SendError::Terminated,
        _ => SendError::Protocol("the connection broke".to_owned()),
    }
}

/// An error and what caused it. What an I/O error wraps counts as its cause.
fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    let next = |error: &&'a (dyn std::error::Error + 'static)| {
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .map(|inner| inner as &(dyn std::error::Error + 'static));
        inner.or_else(|| error.source())
    };
    // Bounded: an error that is its own cause would be walked for ever.
    std::iter::successors(Some(error), next).take(16)
}
