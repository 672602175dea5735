//! What came back, checked before anybody believes it.
//!
//! Exactly one resolution for each requested handle, in any order. A handle that was not asked for, comes twice or is
//! missing fails the batch: values are never shifted from one handle to another. A value over its cap fails its handle.

mod mask;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use portcullis_policy::{Bytes, EscapedText, Limits, Reason};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use super::bindings::portcullis::secrets::types as wit;
use mask::Masks;

/// Longest failure message that is passed on, in bytes.
const MESSAGE: usize = 4 << 10;

/// What became of one handle.
pub type Outcome = Result<Value, Failure>;

/// A value, and how long it may be kept.
#[derive(Clone, Debug)]
pub struct Value {
    /// The value.
    pub value: SecretString,
    /// How long it is good for.
    pub expires_in: Option<Duration>,
}

/// A backend's failure, for a handle or for the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind it is.
    pub kind: FailureKind,
    /// The backend's words: at most 4 KiB, with the values of the same batch masked. Not escaped.
    pub message: String,
    /// When another try makes sense.
    pub retry_after: Option<Duration>,
}

/// Kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "mirrors the enum of the WIT contract")]
pub enum FailureKind {
    /// The store refused.
    Denied,
    /// The handle is not one that the backend understands.
    InvalidHandle,
    /// The store has no such secret.
    NotFound,
    /// Anything else.
    Other,
    /// The store could not be reached, or a passing fault.
    Unavailable,
}

/// How an answer broke the contract. The handle in it is escaped: it may be the guest's text.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerFault {
    /// All values together are over `limits.batch`.
    #[error("its values together exceed {limit} (`limits.batch`)")]
    BatchTooLarge {
        /// The limit in force.
        limit: Bytes,
    },
    /// A requested handle has no resolution.
    #[error("it lacks the handle '{handle}'")]
    Missing {
        /// Which.
        handle: EscapedText,
    },
    /// A handle has two resolutions.
    #[error("it has the handle '{handle}' twice")]
    Repeated {
        /// Which.
        handle: EscapedText,
    },
    /// A resolution for a handle that was not requested.
    #[error("it has the handle '{handle}', which was not requested")]
    Unknown {
        /// Which.
        handle: EscapedText,
    },
}

impl AnswerFault {
    /// The stable reason code.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::BatchTooLarge { .. } => Reason::ResultSize,
            Self::Missing { .. } | Self::Unknown { .. } => Reason::ResultUnknownHandle,
            Self::Repeated { .. } => Reason::ResultDuplicate,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Checks an answer and puts it into the order of the requested handles, which are unique.
pub(super) fn check(
    requested: &[String],
    resolutions: Vec<wit::Resolution>,
    limits: &Limits,
) -> Result<Vec<Outcome>, AnswerFault> {
    let index: BTreeMap<&str, usize> =
        requested.iter().enumerate().map(|(position, handle)| (handle.as_str(), position)).collect();
    let mut outcomes: Vec<Option<Outcome>> = vec![None; requested.len()];
    let mut total = 0_u64;
    let mut withheld = Vec::new();

    // All of them first: what is left of a batch that fails is wiped, too.
    let mut answered: Vec<(String, Outcome)> = Vec::with_capacity(resolutions.len());
    for resolution in resolutions {
        let outcome = outcome(resolution.outcome, &mut total, limits.value.value(), &mut withheld);
        answered.push((resolution.handle, outcome));
    }
    for (handle, outcome) in answered {
        let slot = index.get(handle.as_str()).and_then(|position| outcomes.get_mut(*position));
        match slot {
            None => return Err(AnswerFault::Unknown { handle: named(&handle) }),
            Some(Some(_)) => return Err(AnswerFault::Repeated { handle: named(&handle) }),
            Some(empty) => *empty = Some(outcome),
        }
    }
    let limit = limits.batch.value();
    if total > limit.get() {
        return Err(AnswerFault::BatchTooLarge { limit });
    }
    let mut complete = Vec::with_capacity(outcomes.len());
    for (outcome, handle) in outcomes.into_iter().zip(requested) {
        complete.push(outcome.ok_or_else(|| AnswerFault::Missing { handle: named(handle) })?);
    }
    mask(&mut complete, &withheld);
    Ok(complete)
}

/// A failure of the whole batch, with nothing to mask.
pub(super) fn failure(failure: wit::Failure) -> Failure {
    Failure {
        kind: failure.kind.into(),
        message: cut(failure.message),
        retry_after: failure.retry_after.map(seconds),
    }
}

/// One outcome. A value over its cap goes to `withheld`: nobody gets it, and no message may hold it either.
fn outcome(
    outcome: Result<wit::Secret, wit::Failure>,
    total: &mut u64,
    cap: Bytes,
    withheld: &mut Vec<SecretString>,
) -> Outcome {
    match outcome {
        Ok(secret) => {
            let length = secret.value.len() as u64;
            let value = SecretString::from(secret.value);
            *total = total.saturating_add(length);
            if length > cap.get() {
                withheld.push(value);
                return Err(Failure {
                    kind: FailureKind::Other,
                    message: format!(
                        "the value has {length} bytes, over the limit of {cap} (`limits.value`)"
                    ),
                    retry_after: None,
                });
            }
            Ok(Value { value, expires_in: secret.expires_in.map(seconds) })
        }
        // Cut after masking, so that no value is cut in two and missed.
        Err(wit::Failure { kind, message, retry_after }) => {
            Err(Failure { kind: kind.into(), message, retry_after: retry_after.map(seconds) })
        }
    }
}

/// Masks the values of the batch in its messages.
fn mask(outcomes: &mut [Outcome], withheld: &[SecretString]) {
    let has_failure = outcomes.iter().any(Result::is_err);
    let values = outcomes.iter().filter_map(|outcome| Some(&outcome.as_ref().ok()?.value)).chain(withheld);
    let values = values.map(ExposeSecret::expose_secret).filter(|value| !value.is_empty());
    let masks = has_failure.then(|| Masks::new(values));
    for failure in outcomes.iter_mut().filter_map(|outcome| outcome.as_mut().err()) {
        let message = std::mem::take(&mut failure.message);
        failure.message = cut(match &masks {
            Some(masks) => masks.apply(message),
            None => message,
        });
    }
}

fn cut(mut message: String) -> String {
    message.truncate(message.floor_char_boundary(MESSAGE));
    message
}

fn named(handle: &str) -> EscapedText {
    EscapedText::new(handle, 256)
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds))
}

impl From<wit::FailureKind> for FailureKind {
    fn from(kind: wit::FailureKind) -> Self {
        match kind {
            wit::FailureKind::NotFound => Self::NotFound,
            wit::FailureKind::Denied => Self::Denied,
            wit::FailureKind::InvalidHandle => Self::InvalidHandle,
            wit::FailureKind::Unavailable => Self::Unavailable,
            wit::FailureKind::Other => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests;
