//! Answers matched with questions: what counts as a value, and why there is none.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use secrecy::ExposeSecret as _;

use crate::backend::{Resolution, Secret};
use crate::failure::{Failure, FailureKind};
use crate::handle::Handle;

/// Why a handle has no value, in the words that agents report it by.
///
/// A component never leads to [`Missing`](Self::Missing): an answer of its that lacks a handle is refused as a whole, and each
/// handle of the batch is an [`InvalidResponse`](Self::InvalidResponse). Backends that a host writes itself may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The answer has no entry for the handle.
    Missing,
    /// The value is empty.
    Empty,
    /// The backend said no, or could not be asked.
    BackendError,
    /// The answer makes no sense: [`FailureKind::InvalidAnswer`], or two entries for the handle.
    InvalidResponse,
}

impl Reason {
    /// The word: `missing`, `empty`, `backend_error` or `invalid_response`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::BackendError => "backend_error",
            Self::InvalidResponse => "invalid_response",
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A "no" and its sort.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    pub(crate) failure: Failure,
}

impl Fault {
    /// What a backend said, or what was found out in place of its answer.
    pub(crate) fn backend(failure: Failure) -> Self {
        let reason = match failure.kind {
            FailureKind::InvalidAnswer => Reason::InvalidResponse,
            FailureKind::NotFound
            | FailureKind::Denied
            | FailureKind::InvalidHandle
            | FailureKind::Unavailable
            | FailureKind::Other => Reason::BackendError,
        };
        Self { reason, failure }
    }
}

/// One outcome for each handle, in their order.
///
/// An answer is matched by its handle, never by its position. A handle without an answer, or with two, fails; answers to
/// questions that were not asked are dropped; an empty value is a failure.
pub(crate) fn check(
    handles: &[Handle],
    resolutions: Vec<Resolution>,
) -> impl Iterator<Item = (&Handle, Result<Secret, Fault>)> {
    let mut answers: HashMap<Handle, Answer> = HashMap::with_capacity(handles.len());
    for Resolution { handle, outcome } in resolutions {
        answers.entry(handle).and_modify(|answer| *answer = Answer::Twice).or_insert(Answer::Once(outcome));
    }
    handles.iter().map(move |handle| {
        let outcome = match answers.remove(handle) {
            None => Err(Fault { reason: Reason::Missing, failure: Failure::not_answered(handle) }),
            Some(Answer::Twice) => {
                Err(Fault { reason: Reason::InvalidResponse, failure: Failure::answered_twice(handle) })
            }
            Some(Answer::Once(Err(failure))) => Err(Fault::backend(failure)),
            Some(Answer::Once(Ok(secret))) if secret.value.expose_secret().is_empty() => {
                Err(Fault { reason: Reason::Empty, failure: Failure::empty_value(handle) })
            }
            Some(Answer::Once(Ok(secret))) => Ok(secret),
        };
        (handle, outcome)
    })
}

enum Answer {
    Once(Result<Secret, Failure>),
    Twice,
}
