//! What a runner says, read and checked as the daemon does, without a process: for who replays any bytes.

use std::io::Read;

use portcullis::{Catalogue, Fault, Handle};
use portcullis_policy::Event;
use portcullis_secrets::Resolution;
use tokio::io::AsyncRead;
use zeroize::Zeroizing;

use super::check::{self, AnswerError};
use super::conversation::longest_said;
use super::error::RunnerError;
use super::event::Happened;
use super::frame;
use super::message::{self, Answered, Ready, Said};

/// What a daemon believes. `Debug` shows no value.
#[doc(hidden)]
#[derive(Debug)]
pub enum Heard {
    /// The runner can be asked.
    Ready {
        /// Providers that cannot be loaded.
        faults: Vec<Fault>,
        /// How many calls there may be at once.
        calls: u32,
    },
    /// The answer to a batch.
    Answer {
        /// Of which question.
        id: u64,
        /// One for each handle, in the order of the question.
        resolutions: Vec<Resolution>,
        /// The last fault of each provider.
        faults: Vec<Fault>,
    },
    /// Something happened to a provider.
    Event(Event),
}

impl Heard {
    /// The next of them, where `asked` are the handles of every question. Nothing where the pipe has ended.
    ///
    /// # Errors
    /// What would end a runner.
    pub async fn receive(
        from: &mut (impl AsyncRead + Unpin),
        catalogue: &Catalogue,
        asked: &[Handle],
    ) -> Result<Option<Self>, RunnerError> {
        let frame = frame::receive(from, longest_said(catalogue)).await?;
        frame.map(|frame| Self::checked(&frame, catalogue, asked)).transpose()
    }

    /// The same from what blocks.
    ///
    /// # Errors
    /// What would end a runner.
    pub fn read(
        from: &mut impl Read,
        catalogue: &Catalogue,
        asked: &[Handle],
    ) -> Result<Option<Self>, RunnerError> {
        let frame = frame::read(from, longest_said(catalogue))?;
        frame.map(|frame| Self::checked(&frame, catalogue, asked)).transpose()
    }

    fn checked(frame: &[u8], catalogue: &Catalogue, asked: &[Handle]) -> Result<Self, RunnerError> {
        Ok(match message::parse(frame)? {
            Said::Ready(Ready { faults, calls }) => {
                Self::Ready { faults: check::faults(catalogue, faults)?, calls }
            }
            Said::Answer(Answered { id, resolutions, faults }) => Self::Answer {
                id,
                resolutions: check::resolutions(asked, resolutions)?,
                faults: check::faults(catalogue, faults)?,
            },
            Said::Event(happened) => Self::Event(happened.event(catalogue).ok_or(AnswerError::Event)?),
        })
    }

    /// The frame in which a runner says it. Nothing for what no runner says.
    #[must_use]
    pub fn write(self) -> Option<Zeroizing<Vec<u8>>> {
        message::write(&match self {
            Self::Ready { faults, calls } => Said::Ready(Ready { faults: check::faulty(faults), calls }),
            Self::Answer { id, resolutions, faults } => {
                let resolutions = resolutions.into_iter().map(check::resolved).collect();
                Said::Answer(Answered { id, resolutions, faults: check::faulty(faults) })
            }
            Self::Event(event) => Said::Event(Happened::of(&event)?),
        })
    }
}
