//! Why there is no runner, or no answer of one.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::check::AnswerError;
use super::frame::{FrameError, MAX_TOLD};

/// Backends cannot be run, or not any longer.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum RunnerError {
    /// It does not start.
    #[error("the runner {} cannot be started: {problem}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The system's error.
        problem: String,
    },
    /// It is not ready in time.
    #[error("the runner was not ready after {} s, and was ended", limit.as_secs_f64())]
    NotReady {
        /// The time that it had.
        limit: Duration,
    },
    /// It did not answer in time, although every call in it has a limit.
    #[error("the runner did not answer within {} s, and was ended", limit.as_secs_f64())]
    Silent {
        /// The time that it had.
        limit: Duration,
    },
    /// What it sent is no message.
    #[error("the runner sent what cannot be read, and was ended: {0}")]
    Frame(String),
    /// What it sent is no answer.
    #[error("the runner sent what it must not, and was ended: {0}")]
    Answer(#[from] AnswerError),
    /// It ended by itself.
    #[error("the runner ended ({0})")]
    Ended(String),
    /// It ended a moment ago, and more than once.
    #[error("{cause}; it is started again in {} s", left.as_secs().saturating_add(1))]
    Waiting {
        /// How it ended.
        cause: Box<Self>,
        /// How long it stays so.
        left: Duration,
    },
    /// The question is longer than any message.
    #[error("a batch of {0} handles is too long to be asked for")]
    Question(usize),
    /// So is the configuration.
    #[error("a configuration of {found} bytes is too long for a runner: {MAX_TOLD} are the most")]
    Configuration {
        /// Its length in bytes, with what it takes to send it.
        found: usize,
    },
    /// Nobody needs it any more.
    #[error("the runner was closed")]
    Closed,
}

impl From<FrameError> for RunnerError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error.to_string())
    }
}

impl RunnerError {
    pub(super) fn start(program: PathBuf, error: &io::Error) -> Self {
        Self::Start { program, problem: error.to_string() }
    }
}
