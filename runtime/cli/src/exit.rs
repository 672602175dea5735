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

/// An error and its causes on one line. A cause that its effect has already named is not said twice.
pub(crate) fn describe(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |said, cause| {
        let cause = cause.to_string();
        match (said.is_empty(), said.ends_with(&cause)) {
            (true, _) => cause,
            (false, true) => said,
            (false, false) => format!("{said}: {cause}"),
        }
    })
}

/// Prints an error as one line. An error on the way to an answer means that nothing was done.
pub(crate) fn report(outcome: anyhow::Result<Exit>) -> ExitCode {
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("portcullis: {}", describe(&error));
            Exit::Usage.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let io = || std::io::Error::other("no such file");
        let named = anyhow::Error::new(io()).context("cannot read x");
        assert_eq!(describe(&named), "cannot read x: no such file");
        let twice = anyhow::Error::new(io()).context("cannot read x: no such file");
        assert_eq!(describe(&twice), "cannot read x: no such file");
    }
}
