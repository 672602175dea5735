//! Compiling in a child process: started for one component, limited by itself, killed when it takes too long.

mod child;
mod exchange;
mod refusal;
#[cfg_attr(not(unix), path = "system_other.rs")]
mod system;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use portcullis_policy::VerifiedComponent;
use thiserror::Error;

use crate::component::{Artefact, ArtefactError, CompileError, MAX_COMPONENT, plain};
use crate::engine::Engine;
pub use child::compile_worker;
use exchange::{Exchange, Stopped};
use refusal::Refusal;
use system::Ended;

/// Largest artefact that is taken back, in bytes. Code has three to four times the size of its component.
const MAX_ARTEFACT: usize = 8 * MAX_COMPONENT;

/// Threads of one worker. More gain little, and each has a stack.
const THREADS: usize = 8;

/// What a compile worker may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerLimits {
    /// From its start to its end. Default 60 s: a JavaScript guest, the slowest of the usual ones, takes 14 s on two
    /// slow processors.
    pub wall: Duration,
    /// Processor time of all its threads, in whole seconds. Default 120 s: twice `wall`, so that on one or two
    /// processors `wall` ends it, and on many the work is bounded all the same.
    pub cpu: Duration,
    /// Memory that it may write, in bytes. Default 2 GiB: a function of the greatest size that is compiled takes up to
    /// 200 MiB, and eight are compiled at once.
    pub memory: u64,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self { wall: Duration::from_secs(60), cpu: Duration::from_secs(120), memory: 2 << 30 }
    }
}

/// A program that compiles one component and ends: it calls [`compile_worker`] before anything else.
///
/// It is started with an empty environment (but for `RAYON_NUM_THREADS`), in a process group of its own, with the
/// component on its standard input. It must be built from the same version of this crate. What it sends back becomes
/// machine code of this process: name only a program that nobody else can write.
#[derive(Clone, Debug)]
pub struct Worker {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: WorkerLimits,
    before_start: Option<fn()>,
}

/// What went wrong with a worker, rather than with the component.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// What it sent back is not the artefact that was asked for: it is another version of this software.
    #[error("the compile worker {} sent back what cannot be used: {source}", program.display())]
    Answer {
        /// The program.
        program: PathBuf,
        /// Why.
        source: ArtefactError,
    },
    /// It used all of its processor time.
    #[error("compiling it takes more than {} s of processor time: the compile worker was stopped", limit.as_secs())]
    Cpu {
        /// The limit.
        limit: Duration,
    },
    /// It ended without an answer.
    #[error("the compile worker ended without an answer: {how}")]
    Ended {
        /// How, and what it said last.
        how: String,
    },
    /// It used all of its memory.
    #[error("compiling it takes more than {} MiB of memory: the compile worker was stopped", limit >> 20)]
    Memory {
        /// The limit in bytes.
        limit: u64,
    },
    /// It cannot be started.
    #[error(
        "the compile worker {} cannot be started: {source}; compile the component ahead of time where processes may be \
         started, with `portcullis compile`",
        program.display()
    )]
    Start {
        /// The program.
        program: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Its answer is larger than any artefact.
    #[error("compiling it makes more than {limit} bytes of code: the compile worker was stopped")]
    TooLarge {
        /// The most that is taken back, in bytes.
        limit: usize,
    },
    /// It took too long.
    #[error("compiling it takes more than {} s: the compile worker was stopped", limit.as_secs_f64())]
    Wall {
        /// The limit.
        limit: Duration,
    },
}

impl Worker {
    /// A program and the arguments that make it call [`compile_worker`].
    #[must_use]
    pub fn new<A: Into<OsString>>(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { program: program.into(), arguments, limits: WorkerLimits::default(), before_start: None }
    }

    /// The running program itself, in the mode that these arguments name: the same build beyond doubt.
    ///
    /// # Errors
    ///
    /// Where the system does not tell which program runs.
    pub fn this_program<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> std::io::Result<Self> {
        Ok(Self::new(system::this_program()?, arguments))
    }

    /// What it may use. Default: [`WorkerLimits::default`].
    #[must_use]
    pub fn limits(mut self, limits: WorkerLimits) -> Self {
        self.limits = limits;
        self
    }

    /// What this process does each time before it starts one: mark descriptors that are not for the worker, for example.
    #[must_use]
    pub fn before_start(mut self, act: fn()) -> Self {
        self.before_start = Some(act);
        self
    }

    pub(super) fn compile(
        &self,
        engine: &Engine,
        component: &VerifiedComponent,
    ) -> Result<Artefact, CompileError> {
        let length = component.bytes().len();
        if length > MAX_COMPONENT {
            return Err(CompileError::TooLarge { length });
        }
        if let Some(act) = self.before_start {
            act();
        }
        let (output, ended) = match exchange::run(self.command(), component.bytes(), self.limits.wall) {
            Ok(Exchange { output, ended }) => (output, ended),
            Err(Stopped::Start(source)) => {
                return Err(WorkerError::Start { program: self.program.clone(), source }.into());
            }
            Err(Stopped::Wall) => return Err(WorkerError::Wall { limit: self.limits.wall }.into()),
            Err(Stopped::TooLarge) => return Err(WorkerError::TooLarge { limit: MAX_ARTEFACT }.into()),
        };
        let memory = || WorkerError::Memory { limit: self.limits.memory }.into();
        match ended {
            Ended::Done => Artefact::from_worker(engine, component.digest(), output.stdout)
                .map_err(|source| WorkerError::Answer { program: self.program.clone(), source }.into()),
            Ended::Cpu => Err(WorkerError::Cpu { limit: self.limits.cpu }.into()),
            Ended::Refused => Err(match Refusal::read(&output.stdout) {
                Some(Refusal::Component(error)) => error,
                Some(Refusal::Memory) => memory(),
                None => ended_without_answer("it refuses, and says nothing that can be read", &output.stderr),
            }),
            Ended::Aborted { .. } if child::ran_out_of_memory(&output.stderr) => Err(memory()),
            Ended::Aborted { how } | Ended::Otherwise { how } => {
                Err(ended_without_answer(&how, &output.stderr))
            }
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .args(child::arguments(&self.limits))
            .env_clear()
            .env("RAYON_NUM_THREADS", threads().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        system::prepare(&mut command);
        command
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(THREADS)
}

fn ended_without_answer(how: &str, stderr: &[u8]) -> CompileError {
    let said = plain(String::from_utf8_lossy(stderr).trim());
    let how = if said.is_empty() { how.to_owned() } else { format!("{how} ({said})") };
    WorkerError::Ended { how }.into()
}
