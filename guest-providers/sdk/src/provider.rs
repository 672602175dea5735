//! The contract of a backend, in this crate's own types.

use std::fmt;
use std::time::Duration;

/// A secret backend.
pub trait Provider {
    /// Resolves a batch: exactly one [`Resolution`] for each handle, in any order.
    ///
    /// `deadline` is what is left of the call; the host ends the call when it is over.
    ///
    /// # Errors
    ///
    /// An error fails the whole batch. A fault that concerns one handle belongs into that handle's [`Resolution`].
    fn resolve(handles: Vec<String>, deadline: Duration) -> Result<Vec<Resolution>, Failure>;
}

/// What became of one handle.
#[derive(Debug)]
pub struct Resolution {
    /// The handle, exactly as it was requested.
    pub handle: String,
    /// Its value, or why there is none.
    pub outcome: Result<Secret, Failure>,
}

impl Resolution {
    /// A handle that has a value.
    pub fn found(handle: impl Into<String>, value: impl Into<String>) -> Self {
        Self { handle: handle.into(), outcome: Ok(Secret::new(value)) }
    }

    /// A handle that has none.
    pub fn failed(handle: impl Into<String>, failure: Failure) -> Self {
        Self { handle: handle.into(), outcome: Err(failure) }
    }
}

/// A value. Its `Debug` output does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    pub(crate) value: String,
    pub(crate) expires_in: Option<u32>,
}

impl Secret {
    /// A value that does not expire.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), expires_in: None }
    }

    /// The same value, valid for so long (whole seconds; at most `u32::MAX` of them).
    #[must_use]
    pub fn expires_in(self, after: Duration) -> Self {
        Self { expires_in: Some(u32::try_from(after.as_secs()).unwrap_or(u32::MAX)), ..self }
    }

    /// The value itself.
    pub fn expose(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Why a handle, or a whole batch, could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the host may conclude from it.
    pub kind: FailureKind,
    /// For the operator. It must not contain a secret.
    pub message: String,
    /// When another try makes sense, in seconds.
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A failure that says nothing about another try.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The kinds of failure that the host tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The store has no such secret.
    NotFound,
    /// The store refused.
    Denied,
    /// The handle is not one that this backend understands.
    InvalidHandle,
    /// The store could not be reached, or answered with a passing fault.
    Unavailable,
    /// Anything else.
    Other,
}
