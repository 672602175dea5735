//! The exec protocol: one JSON document on standard input, one on standard output.
//!
//! [`Request::parse`] reads the first, [`Answer::render_into`] writes the second. Whoever speaks the protocol
//! maps a [`RequestError`] to exit status 1, and everything else, a handle that failed included, to 0.

mod answer;
mod reader;
mod request;

pub use answer::Answer;
pub use request::{DEFAULT_TIMEOUT, Request, RequestError};

/// The error of a handle that the backend has no secret for.
pub const NOT_FOUND: &str = "backend does not provide requested secret";

/// The error of every handle of a request that names a backend type which does not exist.
///
/// ```
/// assert_eq!(portcullis_compat::exec::unsupported_type("nope"), "unsupported backend type: nope");
/// ```
#[must_use]
pub fn unsupported_type(backend_type: &str) -> String {
    format!("unsupported backend type: {backend_type}")
}
