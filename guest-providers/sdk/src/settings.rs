//! What the operator configured for this provider, without the credentials: those stay with the host.

use crate::bindings::wasi::config::store::{self, Error};
use crate::{Failure, FailureKind};

/// One setting. Nested settings have dotted keys (`aws_session.aws_region`), items of a list their index.
///
/// # Errors
///
/// When the host cannot say what is configured.
pub fn get(key: &str) -> Result<Option<String>, Failure> {
    store::get(key).map_err(|error| {
        let (Error::Upstream(reason) | Error::Io(reason)) = error;
        Failure::new(FailureKind::Unavailable, format!("failed to read the settings: {reason}"))
    })
}

/// All settings as one JSON object; `{}` when there are none.
///
/// # Errors
///
/// As [`get`].
pub fn json() -> Result<String, Failure> {
    Ok(get("")?.unwrap_or_else(|| String::from("{}")))
}
