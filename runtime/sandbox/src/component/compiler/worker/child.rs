//! The worker's side: limits first, then the component, then an artefact or a line that says why there is none.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use portcullis_policy::Digest;

use super::WorkerLimits;
use super::refusal::Refusal;
use super::system::{self, REFUSED};
use crate::component::{Artefact, CompileError, MAX_COMPONENT};
use crate::engine::Engine;

/// What the standard library says when memory cannot be had, before it aborts.
const OUT_OF_MEMORY: &str = "memory allocation of ";

/// Exit code where the worker itself cannot work: limits that cannot be set, pipes that cannot be used.
const UNABLE: u8 = 70;

/// The arguments that carry the limits, after those of the mode.
pub(super) fn arguments(limits: &WorkerLimits) -> [OsString; 2] {
    [limits.memory.to_string().into(), limits.cpu.as_secs().max(1).to_string().into()]
}

fn limits(mut arguments: impl Iterator<Item = OsString>) -> Option<WorkerLimits> {
    let mut number = || arguments.next().as_deref().and_then(OsStr::to_str)?.parse().ok();
    let (memory, cpu) = (number()?, Duration::from_secs(number()?));
    arguments.next().is_none().then_some(WorkerLimits { memory, cpu, ..WorkerLimits::default() })
}

/// Whether a worker that aborted said that it has no memory left.
pub(super) fn ran_out_of_memory(stderr: &[u8]) -> bool {
    String::from_utf8_lossy(stderr).contains(OUT_OF_MEMORY)
}

/// The whole of a compile worker: what the program that a [`Worker`](super::Worker) names does, and nothing before it.
///
/// Limits this process (memory, processor time, no files, no core) before it reads anything, compiles the component
/// on standard input, writes the artefact to standard output, and says with the exit code that it did. `arguments`
/// are those that follow the ones of the [`Worker`](super::Worker).
pub fn compile_worker(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Some(limits) = limits(arguments.into_iter()) else {
        return unable("it is started by Portcullis, with the limits as its arguments");
    };
    if let Err(error) = system::limit_this_process(&limits) {
        return unable(&format!("its limits cannot be set: {error}"));
    }
    let mut component = Vec::new();
    let most = MAX_COMPONENT as u64;
    if let Err(error) = io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut component) {
        return unable(&format!("cannot read the component: {error}"));
    }
    let (code, written) = match compile(&component) {
        Ok(artefact) => (ExitCode::SUCCESS, artefact.write_to(&mut io::stdout().lock())),
        Err(refusal) => (ExitCode::from(REFUSED), writeln!(io::stdout().lock(), "{}", refusal.line())),
    };
    match written.and_then(|()| io::stdout().flush()) {
        Ok(()) => code,
        Err(error) => unable(&format!("cannot write the answer: {error}")),
    }
}

fn compile(component: &[u8]) -> Result<Artefact, Refusal> {
    let crashed = |how: String| Refusal::Component(CompileError::Crashed { how });
    let engine = Engine::on_demand(1).map_err(|error| crashed(error.to_string()))?;
    engine.compile_bytes(component, &Digest::of(component)).map_err(|error| match error {
        CompileError::NoMemory => Refusal::Memory,
        other => Refusal::Component(other),
    })
}

fn unable(why: &str) -> ExitCode {
    // Without a standard error there is nobody to tell.
    let _ = writeln!(io::stderr(), "compile worker: {why}");
    ExitCode::from(UNABLE)
}
