//! Component in, answer out, within a time.

use std::io::{self, Read, Write as _};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread::{self, Builder, Scope};
use std::time::{Duration, Instant};

use super::MAX_ARTEFACT;
use super::refusal::Refusal;
use super::system::{self, Ended};

/// Most of its standard error that is kept, in bytes.
const MAX_STDERR: usize = 4 << 10;

/// How often a worker that has sent everything is asked whether it has ended. It does nothing else any more.
const EXIT_POLL: Duration = Duration::from_millis(1);

/// What came of it.
pub(super) struct Exchange {
    pub(super) output: Output,
    pub(super) ended: Ended,
}

pub(super) struct Output {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// Why there is no answer.
pub(super) enum Stopped {
    Start(io::Error),
    TooLarge,
    Wall,
}

/// A child that does not outlive its guard.
struct Guard {
    child: Child,
    ended: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.ended {
            system::kill(&mut self.child);
            // It has been killed: this returns as soon as the system has taken it apart.
            let _ = self.child.wait();
        }
    }
}

/// Starts the command, feeds it, and reads its answer.
pub(super) fn run(mut command: Command, input: &[u8], wall: Duration) -> Result<Exchange, Stopped> {
    let deadline = Instant::now().checked_add(wall);
    let mut guard = Guard { child: command.spawn().map_err(Stopped::Start)?, ended: false };
    let (stdin, stdout, stderr) =
        (guard.child.stdin.take(), guard.child.stdout.take(), guard.child.stderr.take());
    thread::scope(|scope| {
        // The guard goes before the scope waits for its threads: a child that is killed closes its pipes.
        let mut guard = guard;
        let (whole, read) = mpsc::channel();
        spawn(scope, move || {
            // It may end before it has read everything, which is its answer then.
            if let Some(mut stdin) = stdin {
                let _ = stdin.write_all(input);
            }
        })?;
        let errors = spawn(scope, move || stderr.map(start_of).unwrap_or_default())?;
        spawn(scope, move || {
            // Nobody listens any more where the time was over first.
            let _ = whole.send(stdout.map_or_else(|| Ok(Vec::new()), whole_of));
        })?;
        let answer = read.recv_timeout(left(deadline)).map_err(|_| Stopped::Wall)?;
        let stdout = answer.map_err(|_| Stopped::TooLarge)?;
        let ended = loop {
            match guard.child.try_wait() {
                Ok(Some(status)) => break Ended::of(status),
                // A host that ignores SIGCHLD never learns how a child ended; what the child said is checked anyway.
                Err(_) if Refusal::read(&stdout).is_some() => break Ended::Refused,
                Err(_) => break Ended::Done,
                Ok(None) if left(deadline).is_zero() => return Err(Stopped::Wall),
                Ok(None) => thread::sleep(EXIT_POLL),
            }
        };
        guard.ended = true;
        let stderr = errors.join().unwrap_or_default();
        Ok(Exchange { output: Output { stdout, stderr }, ended })
    })
}

fn left(deadline: Option<Instant>) -> Duration {
    deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<thread::ScopedJoinHandle<'scope, T>, Stopped> {
    Builder::new().name("portcullis-pipe".to_owned()).spawn_scoped(scope, work).map_err(Stopped::Start)
}

/// All of an answer; an error where it is larger than any.
fn whole_of(pipe: impl Read) -> Result<Vec<u8>, ()> {
    let mut bytes = Vec::new();
    // A pipe that breaks ends the answer; what has come then fails the checks.
    let _ = pipe.take(MAX_ARTEFACT as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > MAX_ARTEFACT { Err(()) } else { Ok(bytes) }
}

/// The start of a text, with the rest read and dropped so that its writer goes on.
fn start_of(mut pipe: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = pipe.by_ref().take(MAX_STDERR as u64).read_to_end(&mut bytes);
    let _ = io::copy(&mut pipe, &mut io::sink());
    bytes
}
