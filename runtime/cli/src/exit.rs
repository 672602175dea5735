//! What the exit code says.

use std::process::ExitCode;

/// How a door ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done.
    Done,
    /// It was done, and the answer is no.
    No,
    /// Usage, configuration or policy: nothing was done.
    Usage,
    /// A provider could not be loaded or run.
    Provider,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Provider => 3,
        })
    }
}

/// Prints an error as one line. An error on the way to an answer means that nothing was done.
pub(crate) fn report(outcome: anyhow::Result<Exit>) -> ExitCode {
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("portcullis: {error:#}");
            Exit::Usage.into()
        }
    }
}
