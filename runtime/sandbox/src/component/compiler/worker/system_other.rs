//! What a worker asks of a system that is not Unix: its time is bounded by whoever started it, its memory is not.

use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};

use super::WorkerLimits;

/// Exit code of a worker that says why it does not compile a component.
pub(super) const REFUSED: u8 = 65;

/// How a worker ended.
pub(super) enum Ended {
    /// It compiled.
    Done,
    /// It says why not.
    Refused,
    /// Its processor time was over: never, here.
    #[allow(dead_code, reason = "only Unix limits it")]
    Cpu,
    /// In any other way: here nobody tells them apart.
    Aborted { how: String },
    /// Never, here.
    #[allow(dead_code, reason = "only Unix has it")]
    Otherwise { how: String },
}

impl Ended {
    pub(super) fn of(status: ExitStatus) -> Self {
        match status.code() {
            Some(0) => Self::Done,
            Some(code) if code == i32::from(REFUSED) => Self::Refused,
            _ => Self::Aborted { how: status.to_string() },
        }
    }
}

/// The running program.
pub(super) fn this_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// Nothing to prepare.
pub(super) fn prepare(_: &mut Command) {}

/// Ends a child.
pub(super) fn kill(child: &mut Child) {
    let _ = child.kill();
}

/// There are no such limits here.
pub(super) fn limit_this_process(_: &WorkerLimits) -> io::Result<()> {
    Ok(())
}
