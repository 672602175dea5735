//! The process of a runner, from its start until it is reaped.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child as Process, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use tokio::sync::{oneshot, watch};

use super::program::Program;

/// A process that is killed at the latest when this is dropped, and always reaped.
#[derive(Debug)]
pub(super) struct Child {
    process: Arc<Mutex<Process>>,
    pid: u32,
    ended: watch::Receiver<Option<ExitStatus>>,
}

/// The ends of its pipes that are ours.
#[derive(Debug)]
pub(super) struct Pipes {
    pub(super) input: OwnedFd,
    pub(super) output: OwnedFd,
}

impl Child {
    /// Starts it on a thread that then waits for its end. The thread lives as long as the process: the system ends a process
    /// that asks for it together with the *thread* that started it.
    pub(super) async fn start(program: &Program) -> io::Result<(Self, Pipes)> {
        let mut command = program.command();
        let (tell, started) = oneshot::channel();
        thread::Builder::new().name("portcullis-wait".to_owned()).spawn(move || {
            match command.spawn().and_then(take) {
                Err(error) => drop(tell.send(Err(error))),
                Ok((process, pipes)) => {
                    let pid = process.id();
                    let process = Arc::new(Mutex::new(process));
                    let (end, ended) = watch::channel(None);
                    let child = Self { process: Arc::clone(&process), pid, ended };
                    // Nobody there to take it: it is dropped, and so killed.
                    drop(tell.send(Ok((child, pipes))));
                    end.send_replace(wait(pid, &process));
                }
            }
        })?;
        started.await.unwrap_or_else(|_| Err(io::Error::other("its thread ended")))
    }

    pub(super) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends it, if it has not ended.
    pub(super) fn kill(&self) {
        // Does nothing to a process that was reaped: its number may be another's by now.
        let _ = self.process.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    /// Waits for its end, and says how it came.
    pub(super) fn ended(&self) -> impl Future<Output = String> + use<> {
        let mut ended = self.ended.clone();
        async move {
            match ended.wait_for(Option::is_some).await.as_deref() {
                Ok(Some(status)) => status.to_string(),
                _ => "nobody knows how".to_owned(),
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

fn take(mut process: Process) -> io::Result<(Process, Pipes)> {
    match (process.stdin.take(), process.stdout.take()) {
        (Some(input), Some(output)) => Ok((process, Pipes { input: input.into(), output: output.into() })),
        _ => Err(io::Error::other("it has no pipes")),
    }
}

/// Waits without a lock and reaps with it, so that `kill` never meets a number that is free again.
fn wait(pid: u32, process: &Mutex<Process>) -> Option<ExitStatus> {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while matches!(waitid(WaitId::Pid(pid), options), Err(Errno::INTR)) {}
    }
    process.lock().unwrap_or_else(PoisonError::into_inner).wait().ok()
}
