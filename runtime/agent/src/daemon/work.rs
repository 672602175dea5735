//! Reading, resolving and rendering configurations, one thing at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use portcullis::{Answer, NativeSettings};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::grants::Grants;
use super::{Daemon, Started};
use crate::configs::{Config, Places, Sources, Stamp};
use crate::render::{RelativeName, Renderer};

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// Resolve everything for the first time.
    First,
    /// Read everything again.
    Reload,
    /// See whether files have changed, and what failed can be tried again.
    Look,
    /// A value of this configuration has changed.
    Changed(String),
}

/// First wait before configurations with failures are tried again, and the longest: it doubles in between. What is known is
/// not fetched for it.
const RETRY: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(300));

pub(super) struct Worker {
    daemon: Arc<Daemon>,
    sources: Sources,
    renderer: Option<Renderer>,
    native: NativeSettings,
    seen: Seen,
    /// Where the rights of the runner lead that is in use.
    bound: Places,
    grants: Grants,
    /// Names of configurations that are not resolved whole, and why.
    failing: BTreeMap<String, Vec<String>>,
    wait: Duration,
    next: Instant,
    /// Whether settings have changed that decide what each configuration gets.
    anew: bool,
}

/// What the last look found.
#[derive(Clone, PartialEq, Eq)]
struct Seen {
    /// The files of the setup, as they were read.
    setup: Stamp,
    /// What is where the runner's rights lead: something else there is a reason for another runner.
    bound: Places,
    documents: Stamp,
}

impl Worker {
    pub(super) fn new(
        daemon: Arc<Daemon>,
        sources: Sources,
        renderer: Option<Renderer>,
        native: NativeSettings,
        bound: Places,
    ) -> Self {
        // Before the files are read: what changes in between is seen at the next look.
        let seen = Seen { setup: daemon.setups.stamp(), bound: bound.clone(), documents: sources.stamp() };
        let (wait, next, grants) = (RETRY.0, Instant::now(), Grants::of(&daemon.secrets));
        let failing = BTreeMap::new();
        Self { daemon, sources, renderer, native, seen, bound, grants, failing, wait, next, anew: false }
    }

    /// Works until nobody sends jobs any more.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(job) = queue.recv().await {
            match job {
                Job::First => {
                    self.documents().await;
                    self.daemon.secrets.complete_initial_resolution();
                    self.daemon.ready.store(true, Ordering::Release);
                    tracing::info!(configurations = self.daemon.documents.count(), "resolved once");
                }
                Job::Reload => {
                    self.seen = self.see().await;
                    self.setup().await;
                    self.documents().await;
                }
                Job::Look => self.look().await,
                Job::Changed(name) => {
                    self.resolve(self.daemon.documents.of(&name)).await;
                }
            }
        }
    }

    /// Looks at the files: there may be thousands of them, on a disk that is slow.
    async fn see(&self) -> Seen {
        let (daemon, bound, sources) = (Arc::clone(&self.daemon), self.bound.clone(), self.sources.clone());
        let look =
            move || Seen { setup: daemon.setups.stamp(), bound: bound.again(), documents: sources.stamp() };
        // A look that was cut off has found nothing new.
        tokio::task::spawn_blocking(look).await.unwrap_or_else(|_| self.seen.clone())
    }

    async fn look(&mut self) {
        let seen = self.see().await;
        let setup = seen.setup != self.seen.setup || seen.bound != self.seen.bound;
        let documents = seen.documents != self.seen.documents;
        self.seen = seen;
        if setup {
            self.setup().await;
        }
        // After it: the runner before it may not see what is new.
        if self.native.refresh_on_file_change {
            for provider in self.grants.look(&self.daemon.secrets) {
                tracing::info!(provider, "a file that it reads has changed: its values are fetched again");
                self.daemon.secrets.touched(&provider);
            }
        }
        if setup || documents {
            self.documents().await;
        } else if !self.failing.is_empty() && Instant::now() >= self.next {
            let failing = self.failing.keys().flat_map(|name| self.daemon.documents.of(name)).collect();
            self.resolve(failing).await;
            self.wait = (self.wait * 2).min(RETRY.1);
            self.next = Instant::now() + self.wait;
        }
    }

    /// Takes the configuration as it is now, or says what is wrong with it.
    async fn setup(&mut self) {
        match super::start(&self.daemon.setups).await {
            Ok(Started { faults, .. }) if !faults.is_empty() => {
                for fault in faults {
                    tracing::error!("the new configuration is not used, the one before it stays: {fault}");
                }
            }
            Ok(Started { runner, bound, native, .. }) => {
                self.daemon.secrets.replace(runner);
                self.reconfigure(native);
                self.seen.bound = bound.clone();
                self.bound = bound;
                tracing::info!("another configuration is in use from now on");
                (self.wait, self.next) = (RETRY.0, Instant::now());
            }
            Err(error) => {
                tracing::error!("the new configuration is not used, the one before it stays: {error}");
            }
        }
    }

    /// Takes other settings of refresh, audit and scope. Some of them decide what a configuration gets.
    fn reconfigure(&mut self, native: NativeSettings) {
        if native == self.native {
            return;
        }
        self.daemon.secrets.reconfigure(&native);
        self.daemon.skip_checks.store(native.skip_checks, Ordering::Release);
        let decides = |native: &NativeSettings| (native.settings.scope.clone(), native.skip_checks);
        self.anew |= decides(&native) != decides(&self.native);
        self.native = native;
        tracing::info!("other settings of refresh, audit or scope are in use from now on");
    }

    /// Takes the documents as they are now.
    async fn documents(&mut self) {
        let sources = self.sources.clone();
        let Ok(found) = tokio::task::spawn_blocking(move || sources.read()).await else { return };
        for error in &found.errors {
            tracing::error!("{error}");
        }
        for left_out in &found.left_out {
            tracing::warn!("{left_out}");
        }
        let errors = found.errors.iter().map(ToString::to_string);
        let left_out = errors.chain(found.left_out.iter().map(ToString::to_string)).collect();
        let changes = self.daemon.documents.replace(found.configs, left_out);
        for name in &changes.gone {
            self.daemon.secrets.remove_origin(name);
            self.failing.remove(name);
        }
        let names: BTreeSet<RelativeName> =
            self.daemon.documents.all().iter().filter_map(|config| name(config)).collect();
        // First: what was a file may become a folder.
        if let Some(renderer) = &mut self.renderer
            && let Err(error) = renderer.retain(&names)
        {
            tracing::error!("{error}");
        }
        let anew = std::mem::take(&mut self.anew);
        self.resolve(if anew { self.daemon.documents.all() } else { changes.new }).await;
    }

    /// Resolves these, all at once: a slow store delays those that need it.
    async fn resolve(&mut self, configs: Vec<Arc<Config>>) {
        let mut tasks = JoinSet::new();
        for config in configs {
            let daemon = Arc::clone(&self.daemon);
            tasks.spawn(async move {
                if daemon.skips(&config) {
                    daemon.secrets.remove_origin(&config.origin);
                }
                let answer = daemon.resolve_anew(&config).await;
                (config, answer)
            });
        }
        while let Some(done) = tasks.join_next().await {
            let Ok((config, answer)) = done else { continue };
            match answer {
                Ok(answer) => {
                    self.note(&config, &answer);
                    self.render(&config, &answer.text);
                }
                Err(error) => tracing::error!("{}: {error}", config.path.display()),
            }
        }
    }

    /// Notes what is not resolved, to be tried again. The log has it once, until it is another failure.
    fn note(&mut self, config: &Config, answer: &Answer) {
        for refused in &answer.refused {
            tracing::warn!("secret not resolved: {refused}");
        }
        if answer.failures.is_empty() {
            if self.failing.remove(&config.origin).is_some() {
                tracing::info!(configuration = config.name, "resolved");
            }
            return;
        }
        let failures: Vec<String> = answer.failures.iter().map(ToString::to_string).collect();
        let known = self.failing.insert(config.origin.clone(), failures.clone()).unwrap_or_default();
        for failure in failures.iter().filter(|failure| !known.contains(failure)) {
            tracing::error!(configuration = config.name, "{failure}");
        }
    }

    fn render(&mut self, config: &Config, text: &[u8]) {
        let (Some(renderer), Some(name)) = (&mut self.renderer, name(config)) else { return };
        if let Err(error) = renderer.put(&name, text) {
            tracing::error!("{error}");
        }
    }
}

/// The name of its file below the folder of resolved ones: where it lies below its own.
fn name(config: &Config) -> Option<RelativeName> {
    RelativeName::new(&config.relative)
        .inspect_err(|error| tracing::error!("{}: not rendered: {error}", config.path.display()))
        .ok()
}
