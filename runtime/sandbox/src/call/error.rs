//! How a whole call can fail. Nothing in here holds a value.

use std::time::Duration;

use portcullis_policy::{Bytes, EscapedText, Reason};
use thiserror::Error;

use super::{AnswerFault, Failure};

/// A call that gave no answers.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CallError {
    /// What came back broke the contract.
    #[error("the backend's answer was refused: {0}")]
    Answer(#[from] AnswerFault),
    /// The `cpu` limit.
    #[error("stopped after {limit:?} of processor time (`limits.cpu`)")]
    Cpu {
        /// The limit in force.
        limit: Duration,
    },
    /// The backend left by `exit`.
    #[error("the backend exited instead of answering")]
    Exited,
    /// The backend itself failed the batch.
    #[error("{0}")]
    Failed(Failure),
    /// The `memory` limit: a growth was refused and the backend did not live with it.
    #[error("stopped at {limit} of memory (`limits.memory`)")]
    Memory {
        /// The limit in force.
        limit: Bytes,
    },
    /// The system has no thread for the ticker, without which nothing bounds a call.
    #[error("no thread for the epoch ticker; raise the limit on threads (`ulimit -u`, `pids.max`)")]
    NoTicker,
    /// The guest trapped: a bug in it, or a rule of the engine that it broke.
    #[error("the backend crashed: {reason}")]
    Trapped {
        /// wasmtime's words, escaped.
        reason: EscapedText,
    },
    /// The `wall` limit.
    #[error("no answer after {limit:?} (`limits.wall`)")]
    Wall {
        /// The limit in force.
        limit: Duration,
    },
}

impl CallError {
    /// The stable reason code, where the cause is a limit or a rule of the contract.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Answer(fault) => Some(fault.reason()),
            Self::Cpu { .. } => Some(Reason::CpuDeadline),
            Self::Memory { .. } => Some(Reason::MemLimit),
            Self::Wall { .. } => Some(Reason::WallDeadline),
            Self::Exited | Self::Failed(_) | Self::NoTicker | Self::Trapped { .. } => None,
        }
    }

    /// The key below `limits` that stopped the call.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Cpu { .. } => Some("cpu"),
            Self::Memory { .. } => Some("memory"),
            Self::Wall { .. } => Some("wall"),
            _ => None,
        }
    }
}
