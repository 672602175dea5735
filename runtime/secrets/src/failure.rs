//! Why a handle has no value.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::handle::Handle;
use crate::one_line::OneLine;

/// Why a handle has no value, as its backend says it or as found on the way.
///
/// `message` is kept verbatim; [`Display`] shows it on one line, with control characters escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Failure {
    /// What sort of "no" it is: what a caller may act on.
    pub kind: FailureKind,
    /// What happened, for a person. Never holds a secret value.
    pub message: String,
    /// How long to wait before it makes sense to ask again, if the backend said so.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure of this kind, with no advice on when to ask again.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after: None }
    }

    /// The backend answered with an empty string. Agents refuse that: an empty password is nearly always a mistake.
    #[must_use]
    pub fn empty_value(handle: &Handle) -> Self {
        Self::new(
            FailureKind::Other,
            format!(
                "resolved secret for '{handle}' is empty. Check that the secret exists in your backend and has a \
                 non-empty value. If using secret_backend_remove_trailing_line_break, trailing newlines are stripped."
            ),
        )
    }

    /// The backend's answer has no entry for the handle.
    #[must_use]
    pub fn not_answered(handle: &Handle) -> Self {
        Self::new(
            FailureKind::Other,
            format!(
                "secret handle '{handle}' was not resolved by the secret_backend_command. Ensure your script returns \
                 the handle in the expected JSON format."
            ),
        )
    }

    /// The backend's answer has more than one entry for the handle, so none can be trusted.
    #[must_use]
    pub fn answered_twice(handle: &Handle) -> Self {
        Self::new(
            FailureKind::Other,
            format!(
                "secret handle '{handle}' was answered more than once by its backend; no answer is used."
            ),
        )
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&OneLine(&self.message), f)
    }
}

/// What sort of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The store has no such secret.
    NotFound,
    /// The store, or the policy in front of it, refuses to hand the secret out.
    Denied,
    /// The handle cannot name a secret of this backend.
    InvalidHandle,
    /// The backend answered something else than what it was asked, so nothing of it is believed.
    InvalidAnswer,
    /// The store could not be asked; asking again later may work.
    Unavailable,
    /// Anything else.
    Other,
}
