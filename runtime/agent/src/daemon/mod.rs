//! The daemon itself: what it holds, and what happens when.
//!
//! * `setup`: the configuration that the operator can replace while it runs ([`Setups`]).
//! * `documents`: the configurations that are resolved. `work`: reading, resolving and rendering them, one thing at a time.
//! * `grants`: files that backends read, which may change.
//! * `api`: what the socket answers; `numbers`: its metrics.
//! * `signals`: what the system says.

mod api;
mod documents;
mod grants;
mod numbers;
mod setup;
mod signals;
mod work;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use portcullis::audit::DenialCounts;
use portcullis::{Answer, Fault, NativeSettings, Origin, ScanError, Secrets, SecretsBuilder, Variables};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

pub use setup::{Setup, Setups};

use crate::configs::{AGENT_FILE, Config, Places, Sources};
use crate::render::{RenderError, Renderer};
use crate::runner::{Runner, RunnerError, Times};
use crate::server::{BindError, Peers, Server, Service, TlsError, TlsOptions};
use api::Api;
use documents::Documents;
use signals::{Signal, Signals};
use work::{Job, Worker};

/// How often files are looked at, to see whether they have changed.
const POLL: Duration = Duration::from_secs(2);

/// Where a daemon listens, what it resolves and where it puts that.
#[derive(Clone, Debug)]
pub struct Options {
    /// The socket.
    pub socket: PathBuf,
    /// Who may ask.
    pub peers: Peers,
    /// An address of this machine, beside the socket; none without it.
    pub tls: Option<TlsOptions>,
    /// What is resolved.
    pub sources: Sources,
    /// A folder on a memory file system, where resolved configurations are kept as files; nowhere without one.
    pub out: Option<PathBuf>,
    /// What template variables in handles stand for.
    pub variables: Variables,
}

/// Why a daemon does not start, or does not go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DaemonError {
    /// The socket.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The address.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The folder of resolved files.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The configuration.
    #[error("{0}")]
    Setup(Box<dyn std::error::Error + Send + Sync>),
    /// Backends cannot be run.
    #[error(transparent)]
    Runner(#[from] RunnerError),
    /// Secrets cannot be kept.
    #[error(transparent)]
    Build(#[from] portcullis::secrets::BuildError),
    /// Signals cannot be heard.
    #[error("cannot listen to signals: {0}")]
    Signals(std::io::Error),
}

/// What all parts share.
struct Daemon {
    secrets: Secrets,
    setups: Arc<dyn Setups>,
    denials: Arc<DenialCounts>,
    documents: Documents,
    started: SystemTime,
    /// Whether configurations of checks stay as they are.
    skip_checks: AtomicBool,
    /// Whether every document was resolved once.
    ready: AtomicBool,
}

impl Daemon {
    /// A configuration with its secrets in place.
    async fn resolve(&self, config: &Config) -> Result<Answer, ScanError> {
        self.resolve_as(config, self.documents.origin(config)).await
    }

    /// The same of what is in the file now: what an earlier text used is forgotten.
    async fn resolve_anew(&self, config: &Config) -> Result<Answer, ScanError> {
        self.resolve_as(config, Origin { whole: true, ..self.documents.origin(config) }).await
    }

    async fn resolve_as(&self, config: &Config, origin: Origin) -> Result<Answer, ScanError> {
        if self.skips(config) {
            return Ok(Answer::unchanged(&config.text));
        }
        self.secrets.resolve(&config.text, &origin).await
    }

    fn skips(&self, config: &Config) -> bool {
        config.origin != AGENT_FILE && self.skip_checks.load(Ordering::Acquire)
    }

    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}

/// Runs a daemon until it is told to stop: by SIGTERM, SIGINT, or the end of `stop`.
///
/// Needs a Tokio runtime of several threads, with I/O and time.
///
/// # Errors
/// Where it cannot start. Once it runs, what goes wrong is logged, shown by its status, and tried again.
pub async fn run(
    options: Options,
    setups: Arc<dyn Setups>,
    stop: impl Future<Output = ()>,
) -> Result<(), DaemonError> {
    let signals = Signals::listen().map_err(DaemonError::Signals)?;
    let Started { runner, bound, native, faults, denials } = start(&setups).await?;
    for fault in faults {
        // The others work; its handles say so, and are tried again.
        tracing::error!("{fault}");
    }
    let builder: SecretsBuilder = Secrets::builder(runner).native(&native);
    let daemon = Arc::new(Daemon {
        secrets: builder.build()?,
        setups,
        denials,
        documents: Documents::new(options.variables),
        started: SystemTime::now(),
        skip_checks: AtomicBool::new(native.skip_checks),
        ready: AtomicBool::new(false),
    });
    let renderer = options.out.as_deref().map(Renderer::open).transpose()?;
    let mut servers = vec![Server::bind(&options.socket, options.peers)?];
    tracing::info!(socket = %options.socket.display(), "the daemon listens");
    if let Some(tls) = &options.tls {
        let server = Server::bind_tls(tls).await?;
        tracing::info!(address = ?server.address(), "the daemon listens");
        servers.push(server);
    }

    let (stopping, stopped) = watch::channel(false);
    let ended = |mut stopped: watch::Receiver<bool>| async move {
        // An error is a daemon that is gone.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let kept = daemon.secrets.clone();
    let stop_keeping = ended(stopped.clone());
    let keeping = tokio::spawn(async move { kept.run(stop_keeping).await });
    let api: Arc<dyn Service> = Arc::new(Api::new(Arc::clone(&daemon)));
    let mut serving = JoinSet::new();
    for server in servers {
        serving.spawn(server.serve(Arc::clone(&api), ended(stopped.clone())));
    }

    let (jobs, queue) = mpsc::channel(64);
    let worker = Worker::new(Arc::clone(&daemon), options.sources, renderer, native, bound);
    let changed = jobs.clone();
    let told = daemon.secrets.subscribe(move |change| {
        // A full queue has a look at all documents ahead of it anyway.
        let _ = changed.try_send(Job::Changed(change.origin().to_owned()));
    });
    let working = tokio::spawn(worker.run(queue));
    let _ = jobs.send(Job::First).await;
    until_stopped(signals, &jobs, stop).await;

    tracing::info!("the daemon stops");
    drop(told);
    // Whatever it does, it leaves files whole.
    working.abort();
    let _ = stopping.send(true);
    let _ = tokio::join!(working, serving.join_all(), keeping);
    Ok(())
}

/// Turns what happens into jobs.
async fn until_stopped(mut signals: Signals, jobs: &mpsc::Sender<Job>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut poll = tokio::time::interval(POLL);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let job = tokio::select! {
            () = &mut stop => return,
            signal = signals.next() => match signal {
                Signal::Stop => return,
                Signal::Reload => Job::Reload,
            },
            _ = poll.tick() => Job::Look,
        };
        // Full: it has enough to do, and looks again at the next tick.
        let _ = jobs.try_send(job);
    }
}

/// A configuration that is read, and the process that has its providers ready.
struct Started {
    runner: Runner,
    bound: Places,
    native: NativeSettings,
    faults: Vec<Fault>,
    denials: Arc<DenialCounts>,
}

/// Reads the configuration as it is now, and starts its runner.
async fn start(setups: &Arc<dyn Setups>) -> Result<Started, DaemonError> {
    let setups = Arc::clone(setups);
    let read = match tokio::task::spawn_blocking(move || setups.read()).await {
        Ok(read) => read.map_err(DaemonError::Setup),
        Err(error) => Err(DaemonError::Setup(Box::new(error))),
    };
    let Setup { catalogue, runner, bound, native, events, denials } = read?;
    let (runner, faults) = Runner::start(catalogue, runner, events, Times::default()).await?;
    Ok(Started { runner, bound, native, faults, denials })
}
