//! What is read from standard input.

use std::fmt;
use std::time::Duration;

use super::reader::Reader;
use crate::json::{Error, SyntaxError, Value};

/// How long a handle may take when the request does not say.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A request: which handles to resolve, and by which backend if it says so.
///
/// ```
/// use portcullis_compat::exec::Request;
///
/// let request = Request::parse(br#"{"version":"1.1","secrets":["db","api"],"secret_backend_timeout":5}"#)?;
/// assert_eq!(request.handles(), ["db", "api"]);
/// assert_eq!(request.backend_type(), None);
/// assert_eq!(request.timeout().as_secs(), 5);
/// # Ok::<(), portcullis_compat::exec::RequestError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub(super) handles: Vec<String>,
    pub(super) backend_type: Option<String>,
    pub(super) config: Option<Value>,
    pub(super) timeout: Option<f64>,
}

impl Request {
    /// Reads a request. Field names match in any case, the last of repeated fields counts (maps are merged),
    /// a null is as if absent, unknown fields are passed over.
    ///
    /// # Errors
    /// Not one JSON document, or a known field of the wrong type.
    pub fn parse(text: &[u8]) -> Result<Self, RequestError> {
        let (request, fault) = Reader::new(text)?.read()?;
        match fault {
            Some(fault) => Err(RequestError(fault.into())),
            None => Ok(request),
        }
    }

    /// The handles in the order given, repetitions included. One given as null is the empty handle.
    #[must_use]
    pub fn handles(&self) -> &[String] {
        &self.handles
    }

    /// The backend type, if the request has one. An empty one counts as given.
    #[must_use]
    pub fn backend_type(&self) -> Option<&str> {
        self.backend_type.as_deref()
    }

    /// The backend's settings, if the request has any: always an object.
    #[must_use]
    pub fn config(&self) -> Option<&Value> {
        self.config.as_ref()
    }

    /// How long one handle may take: whole seconds, the fraction cut off (0.5 leaves no time at all); 30 s if
    /// absent, zero or less. More than a century is a century.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        const CENTURY: f64 = 3_155_760_000.0;
        match self.timeout {
            Some(seconds) if seconds > 0.0 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "in range, and cutting off the fraction is the point"
                )]
                let whole = seconds.min(CENTURY) as u64;
                Duration::from_secs(whole)
            }
            _ => DEFAULT_TIMEOUT,
        }
    }
}

/// The request cannot be read: exit status 1, and this text as the log line on standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError(Error);

impl RequestError {
    /// What is wrong with the JSON.
    #[must_use]
    pub fn cause(&self) -> &Error {
        &self.0
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to unmarshal input: {}", self.0)
    }
}

// The text of the cause is part of the text of the error: naming it as the source as well would print it
// twice.
impl std::error::Error for RequestError {}

impl From<SyntaxError> for RequestError {
    fn from(error: SyntaxError) -> Self {
        Self(error.into())
    }
}
