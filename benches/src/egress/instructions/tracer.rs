//! Steps a child and counts.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use clap::ValueEnum as _;
use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use super::super::store::Store;
use super::Counted;

/// Instructions of the child's main thread from its first stop to its second.
pub(super) fn count(what: Counted, times: usize, store: &Store) -> anyhow::Result<u64> {
    let name = what.to_possible_value().context("a name")?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--count", name.get_name(), "--times", &times.to_string()])
        .args(["--origin", &store.server.origin_at("localhost")])
        .stdin(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("its input")?.write_all(store.site.pem.as_bytes())?;
    let pid = Pid::from_raw(i32::try_from(child.id())?);
    let first = waitpid(pid, None)?;
    anyhow::ensure!(first == WaitStatus::Stopped(pid, Signal::SIGSTOP), "the child: {first:?}");
    let (mut steps, mut signal) = (0_u64, None);
    loop {
        ptrace::step(pid, signal.take())?;
        match waitpid(pid, None)? {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => steps += 1,
            WaitStatus::Stopped(_, Signal::SIGSTOP) => break,
            WaitStatus::Stopped(_, other) => signal = Some(other),
            ended => anyhow::bail!("the child: {ended:?}"),
        }
    }
    ptrace::detach(pid, None)?;
    anyhow::ensure!(child.wait()?.success(), "the child failed");
    Ok(steps)
}
