//! Streams as an attacker takes them.

pub use portcullis_guest::bindings::wasi::io::streams::{InputStream, StreamError};

/// What the outcome of an operation is called.
pub fn outcome<T>(result: &Result<T, StreamError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(StreamError::Closed) => "closed",
        Err(StreamError::LastOperationFailed(_)) => "failed",
    }
}

/// Takes steps until one fails: the sum of what they gave, and the failure.
pub fn drain(mut step: impl FnMut() -> Result<u64, StreamError>) -> (u64, StreamError) {
    let mut sum = 0;
    loop {
        match step() {
            Ok(given) => sum += given,
            Err(error) => return (sum, error),
        }
    }
}

/// Reads as much as the host gives in one step.
///
/// # Errors
///
/// As the host says.
pub fn read(stream: &InputStream, most: u64) -> Result<u64, StreamError> {
    stream.blocking_read(most).map(|bytes| bytes.len() as u64)
}
