//! What all rows share: one engine, one neighbour, one runtime.

use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use portcullis_policy::{Event, EventSink, NoEvents};
use portcullis_sandbox::{Compiler, Engine, Provider, Worker, WorkerLimits};
use tokio::runtime::Runtime;

use crate::guest;
use crate::neighbour::{self, Latency};
use crate::setup::{Setup, link};

/// Calls at once: the hostile one, the neighbour's, and some to spare.
const CALLS: u32 = 8;

/// Where guests are run. One for all, so that what one leaves behind is seen by the next.
pub struct Stage {
    pub(crate) engine: Engine,
    pub(crate) neighbour: Arc<Provider>,
    pub(crate) runtime: Runtime,
}

/// Keeps what is reported.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Vec<Event>>);

impl Kept {
    pub(crate) fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventSink for Kept {
    fn record(&self, event: &Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
    }
}

impl Stage {
    /// Starts the engine and the neighbour, and warms their caches and slots.
    ///
    /// # Errors
    ///
    /// Where the engine, the runtime or the neighbour does not start.
    pub fn new() -> anyhow::Result<Self> {
        let engine = Engine::new(CALLS)?;
        let runtime = runtime(false)?;
        let neighbour = link(&engine, guest::neighbour()?, &Setup::default(), Arc::new(NoEvents))?;
        let neighbour = Arc::new(neighbour);
        let stage = Self { engine, neighbour, runtime };
        stage.undisturbed().map_err(anyhow::Error::msg)?;
        Ok(stage)
    }

    /// Times the neighbour while nobody disturbs it.
    pub(crate) fn undisturbed(&self) -> Result<Latency, String> {
        let stop = Arc::new(AtomicBool::new(true));
        // No task of its own: it would be counted for a moment longer than it is waited for.
        self.runtime.block_on(neighbour::keep_calling(Arc::clone(&self.neighbour), stop))
    }
}

/// A runtime with two threads, or with the caller's alone.
pub(crate) fn runtime(one_thread: bool) -> anyhow::Result<Runtime> {
    let mut builder = if one_thread {
        tokio::runtime::Builder::new_current_thread()
    } else {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2);
        builder
    };
    builder.enable_time().enable_io().build().context("no runtime")
}

/// The first argument that makes this program a compile worker, as the command has one.
const WORKER: &str = "compile-worker";

/// Does the work of a compile worker, where this process was started as one.
#[must_use]
pub fn worker() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == WORKER).then(|| portcullis_sandbox::compile_worker(arguments))
}

/// Variables by which HTTP clients are told of a proxy.
pub(crate) const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// A proxy at which nobody is: whatever is sent through it fails.
pub(crate) const NOBODY: &str = "http://127.0.0.1:9";

/// Begins this program again, in an environment that names a proxy, unless it is there already. What a guest sends must not
/// go there. Gives the failure to do so.
#[must_use]
pub fn under_a_proxy() -> Option<ExitCode> {
    if PROXIES.iter().all(|name| std::env::var(name).as_deref() == Ok(NOBODY)) {
        return None;
    }
    let mut again = std::process::Command::new(std::env::current_exe().ok()?);
    again.args(std::env::args_os().skip(1)).envs(PROXIES.map(|name| (name, NOBODY)));
    let status = again.env_remove("NO_PROXY").env_remove("no_proxy").status();
    let code = status.ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Who compiles, under which limits.
pub(crate) fn compiler(limits: WorkerLimits) -> std::io::Result<Compiler> {
    Ok(Compiler::Worker(Worker::this_program([WORKER])?.limits(limits)))
}
