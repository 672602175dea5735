//! What a worker asks of a Unix system: limits, a process group, the way a process ended.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process_group, setrlimit};

use super::WorkerLimits;

/// Exit code of a worker that says why it does not compile a component.
pub(super) const REFUSED: u8 = 65;

/// Address space beyond the memory that may be written, in bytes: code, stacks, and what allocators reserve for each
/// thread and never touch.
const RESERVED: u64 = 4 << 30;

/// How a worker ended.
pub(super) enum Ended {
    /// It compiled.
    Done,
    /// It says why not.
    Refused,
    /// Its processor time was over.
    Cpu,
    /// It gave up, which is what the standard library does when memory cannot be had.
    Aborted { how: String },
    /// In any other way.
    Otherwise { how: String },
}

impl Ended {
    pub(super) fn of(status: ExitStatus) -> Self {
        let how = || status.to_string();
        match (status.code(), status.signal()) {
            (Some(0), _) => Self::Done,
            (Some(code), _) if code == i32::from(REFUSED) => Self::Refused,
            (_, Some(signal)) if signal == Signal::XCPU.as_raw() => Self::Cpu,
            (_, Some(signal)) if signal == Signal::ABORT.as_raw() => Self::Aborted { how: how() },
            _ => Self::Otherwise { how: how() },
        }
    }
}

/// The running program. On Linux by the one path that cannot lead to another file meanwhile.
pub(super) fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe() }
}

/// A process group of its own, so that all of it can be killed, and a name for lists of processes.
pub(super) fn prepare(command: &mut Command) {
    command.process_group(0).arg0("portcullis-compile");
}

/// Ends a child that has not been waited for, and what it may have started.
pub(super) fn kill(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
}

/// Limits this process, for good.
pub(super) fn limit_this_process(limits: &WorkerLimits) -> io::Result<()> {
    linux::end_with_parent()?;
    let cpu = limits.cpu.as_secs();
    let space = limits.memory.saturating_add(RESERVED);
    // (what, the limit that can be noticed, the one that cannot be passed)
    let rows = [
        (Resource::Data, limits.memory, limits.memory),
        (Resource::As, space, space),
        (Resource::Cpu, cpu, cpu.saturating_add(1)),
        (Resource::Core, 0, 0),
        // Pipes are no files: it can answer, and write nothing else.
        (Resource::Fsize, 0, 0),
        // The three that it has.
        (Resource::Nofile, 3, 3),
    ];
    for (resource, current, maximum) in rows {
        // What is bounded more tightly already stays so.
        let most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Rlimit { current: Some(current.min(most)), maximum: Some(maximum.min(most)) };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::process::{Signal, set_parent_process_death_signal};

    /// A host that is killed takes its worker with it; and nothing that the worker runs gains a privilege.
    pub(super) fn end_with_parent() -> std::io::Result<()> {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        Ok(rustix::thread::set_no_new_privs(true)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod linux {
    /// Nothing of the kind: the limits end it.
    pub(super) fn end_with_parent() -> std::io::Result<()> {
        Ok(())
    }
}
