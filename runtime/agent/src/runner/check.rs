//! What an answer must be: a question that was asked, each of its handles once, and nothing that no guest can say.

use std::collections::HashMap;
use std::time::Duration;

use portcullis::{Catalogue, Fault, Handle};
use portcullis_policy::EscapedText;
use portcullis_secrets::{Failure, FailureKind, Resolution, Secret};
use thiserror::Error;

use super::message::{Faulty, Kind, Outcome, Resolved, Value};

/// Longest message of a failure or a fault, in bytes: guests' are cut at 4 KiB, and ours are shorter.
const MAX_MESSAGE: usize = 64 << 10;

/// Longest message of a fault that is sent, in bytes: they come with each answer.
const MAX_FAULT: usize = 4 << 10;

/// An answer that no runner of ours gives.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Nothing was asked under this number.
    #[error("an answer to question {0}, which is not open")]
    Unasked(u64),
    /// More or fewer than the handles of the question.
    #[error("{found} resolutions for {expected} handles")]
    Count {
        /// Handles that were asked for.
        expected: usize,
        /// Resolutions that came.
        found: usize,
    },
    /// A handle that was not asked for, or one that has its resolution already.
    #[error("a resolution for a handle that was not asked for, or a second one")]
    Handle,
    /// A message that is longer than any.
    #[error("a message of {found} bytes, where {MAX_MESSAGE} are the most")]
    Message {
        /// Its length in bytes.
        found: usize,
    },
    /// A name that no provider has.
    #[error("the name of a provider that the configuration does not have")]
    Provider,
    /// A second "ready", or none.
    #[error("it says {0} when it must not")]
    Order(&'static str),
    /// An event that cannot be.
    #[error("an event that no provider of the configuration can have")]
    Event,
}

/// One resolution for each handle, in their order.
pub(super) fn resolutions(asked: &[Handle], answered: Vec<Resolved>) -> Result<Vec<Resolution>, AnswerError> {
    if answered.len() != asked.len() {
        return Err(AnswerError::Count { expected: asked.len(), found: answered.len() });
    }
    let mut outcomes = HashMap::with_capacity(answered.len());
    for Resolved { handle, outcome } in answered {
        if outcomes.insert(handle, checked(outcome)?).is_some() {
            return Err(AnswerError::Handle);
        }
    }
    let taken = asked.iter().map(|handle| {
        let outcome = outcomes.remove(handle.as_str()).ok_or(AnswerError::Handle)?;
        Ok(Resolution { handle: handle.clone(), outcome })
    });
    taken.collect()
}

fn checked(outcome: Outcome) -> Result<Result<Secret, Failure>, AnswerError> {
    let after = |millis: Option<u64>| millis.map(Duration::from_millis);
    Ok(match outcome {
        Outcome::Value { text, expires_in } => Ok(Secret { value: text.0, expires_in: after(expires_in) }),
        Outcome::Failure { kind, message, retry_after } => {
            bounded(&message)?;
            Err(Failure { kind: kind.into(), message, retry_after: after(retry_after) })
        }
    })
}

/// Faults of providers that there are; their texts are made harmless.
pub(super) fn faults(catalogue: &Catalogue, faulty: Vec<Faulty>) -> Result<Vec<Fault>, AnswerError> {
    let taken = faulty.into_iter().map(|Faulty { provider, message }| {
        bounded(&message)?;
        let (provider, _) = catalogue.provider(&provider).ok_or(AnswerError::Provider)?;
        let message = EscapedText::received(&message, MAX_MESSAGE).to_string();
        Ok(Fault { provider: provider.clone(), message })
    });
    taken.collect()
}

const fn bounded(message: &str) -> Result<(), AnswerError> {
    if message.len() > MAX_MESSAGE {
        return Err(AnswerError::Message { found: message.len() });
    }
    Ok(())
}

/// A resolution as a message: the runner's own side.
pub(super) fn resolved(resolution: Resolution) -> Resolved {
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let handle = resolution.handle.as_str().to_owned();
    let outcome = match resolution.outcome {
        Ok(Secret { value, expires_in }) => {
            Outcome::Value { text: Value(value), expires_in: expires_in.map(millis) }
        }
        Err(Failure { kind, message, retry_after }) => {
            let retry_after = retry_after.map(millis);
            Outcome::Failure { kind: kind.into(), message: cut(message, MAX_MESSAGE), retry_after }
        }
    };
    Resolved { handle, outcome }
}

/// Faults as messages: the runner's own side.
pub(super) fn faulty(faults: Vec<Fault>) -> Vec<Faulty> {
    let message = |fault: Fault| Faulty {
        provider: fault.provider.to_string(),
        message: cut(fault.message, MAX_FAULT),
    };
    faults.into_iter().map(message).collect()
}

fn cut(mut message: String, most: usize) -> String {
    message.truncate(message.floor_char_boundary(most));
    message
}

impl From<Kind> for FailureKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::NotFound => Self::NotFound,
            Kind::Denied => Self::Denied,
            Kind::InvalidHandle => Self::InvalidHandle,
            Kind::InvalidAnswer => Self::InvalidAnswer,
            Kind::Unavailable => Self::Unavailable,
            Kind::Other => Self::Other,
        }
    }
}

impl From<FailureKind> for Kind {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::NotFound => Self::NotFound,
            FailureKind::Denied => Self::Denied,
            FailureKind::InvalidHandle => Self::InvalidHandle,
            FailureKind::InvalidAnswer => Self::InvalidAnswer,
            FailureKind::Unavailable => Self::Unavailable,
            FailureKind::Other => Self::Other,
        }
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
