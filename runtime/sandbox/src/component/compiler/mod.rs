//! Who compiles: a worker process with limits of its own, or a thread of this one.

mod in_process;
mod worker;

use portcullis_policy::VerifiedComponent;

use super::{Artefact, CompileError};
use crate::engine::Engine;
pub use worker::{Worker, WorkerError, WorkerLimits, compile_worker};

/// Who compiles components.
///
/// Compiling is the one thing that a component can make arbitrarily expensive before any limit of a call counts. Only
/// a process of its own can be stopped when it takes too long or too much.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Compiler {
    /// A thread of this process. Its input is bounded in size and shape; its time and memory are not.
    #[default]
    InProcess,
    /// A child process that limits itself before it reads a byte, and is killed when it takes too long.
    Worker(Worker),
}

impl Compiler {
    /// Compiles a component whose digest the policy has accepted. Blocks until that is done.
    ///
    /// # Errors
    ///
    /// Where the bytes are no component that is supported, or compiling them takes more than it may.
    pub fn compile(&self, engine: &Engine, component: &VerifiedComponent) -> Result<Artefact, CompileError> {
        match self {
            Self::InProcess => in_process::compile(engine, component),
            Self::Worker(worker) => worker.compile(engine, component),
        }
    }
}
