//! Why there is no answer, in words that say what to do.

use std::fmt;

use super::UrlError;
use super::fault::Fault;
use crate::{Failure, FailureKind};

/// A request without an answer. An answer with any status is no error: see [`Response`](super::Response).
///
/// Into a [`Failure`] it turns with `?`: what another try may mend becomes [`FailureKind::Unavailable`], what the policy or
/// the server's certificate forbids [`FailureKind::Denied`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    request: String,
    attempts: u32,
    kind: ErrorKind,
}

/// The kinds of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no URL.
    Url(UrlError),
    /// The host takes no such header.
    Header {
        /// Its name.
        name: String,
        /// It belongs to the host, or its text is none of a header.
        why: &'static str,
    },
    /// The host takes this part of the request from nobody.
    Refused(&'static str),
    /// The policy does not allow the request, or not the address of its host.
    Denied,
    /// More requests than the policy allows, in the call or at once.
    Limit,
    /// No connection, or one that broke; says what happened.
    Connection(&'static str),
    /// The server's certificate is not one that the policy trusts.
    Certificate,
    /// The answer has more bytes than are taken.
    TooLarge {
        /// The cap in bytes, where it is known: the client's own, or the policy's.
        limit: Option<u64>,
    },
    /// What came is no answer; says why.
    Broken(&'static str),
    /// The call's time was over first.
    Deadline,
    /// The body is not text in UTF-8.
    Text,
    /// The body is not JSON; says what is wrong.
    Json(String),
}

impl Error {
    pub(super) const fn new(request: String, attempts: u32, kind: ErrorKind) -> Self {
        Self { request, attempts, kind }
    }

    /// What went wrong.
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// How often the request was tried.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl From<Fault> for ErrorKind {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Url(error) => Self::Url(error),
            Fault::Header(name, why) => Self::Header { name, why },
            Fault::Refused(part) => Self::Refused(part),
            Fault::Denied => Self::Denied,
            Fault::Limit => Self::Limit,
            Fault::Connection(what) => Self::Connection(what),
            Fault::Certificate => Self::Certificate,
            Fault::TooLarge(limit) => Self::TooLarge { limit },
            Fault::Broken(what) => Self::Broken(what),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => error.fmt(f),
            Self::Header { name, why } => write!(f, "the header {name:?} is not taken: {why}"),
            Self::Refused(part) => write!(f, "the host takes no such {part}"),
            Self::Denied => f.write_str(
                "the policy does not allow it: `portcullis policy explain --request` says what is missing",
            ),
            Self::Limit => f.write_str("the policy allows no more requests: raise its limits, or send fewer"),
            Self::Connection(what) => write!(f, "no answer from the server: {what}"),
            Self::Certificate => {
                f.write_str("the server's certificate is not trusted: see `tls` of the policy's destination")
            }
            Self::TooLarge { limit: Some(limit) } => write!(f, "the answer has more than {limit} bytes"),
            Self::TooLarge { limit: None } => f.write_str("the answer has more bytes than the policy allows"),
            Self::Broken(what) => write!(f, "no answer from the server: {what}"),
            Self::Deadline => f.write_str("the time of the call was over before the server answered"),
            Self::Text => f.write_str("the answer is no text in UTF-8"),
            Self::Json(problem) => write!(f, "the answer is not JSON: {problem}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.kind)?;
        if self.attempts > 1 {
            write!(f, " (tried {} times)", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = match error.kind {
            ErrorKind::Denied | ErrorKind::Certificate => FailureKind::Denied,
            ErrorKind::Connection(_) | ErrorKind::Deadline | ErrorKind::Limit | ErrorKind::Broken(_) => {
                FailureKind::Unavailable
            }
            ErrorKind::Url(_)
            | ErrorKind::Header { .. }
            | ErrorKind::Refused(_)
            | ErrorKind::TooLarge { .. }
            | ErrorKind::Text
            | ErrorKind::Json(_) => FailureKind::Other,
        };
        Self::new(kind, error.to_string())
    }
}
