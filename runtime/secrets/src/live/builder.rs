//! How to get a [`Live`].

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use tokio::runtime;
use tokio::sync::Notify;

use crate::audit::AuditSink;
use crate::backend::Backend;
use crate::clock::{Clock, SystemClock};
use crate::random::{Random, SystemRandom};
use crate::refresh::{Allowlist, Schedule};
use crate::settings::Settings;

use super::Live;
use super::inner::Inner;
use super::rules::Rules;
use super::scans::Scans;

/// A [`Live`] in the making.
#[must_use]
pub struct LiveBuilder {
    backend: Option<Arc<dyn Backend>>,
    settings: Settings,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
    audit: Option<Arc<dyn AuditSink>>,
    runtime: Option<runtime::Handle>,
    allowlist: Option<Allowlist>,
}

/// Why there is no [`Live`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// It was built outside of a Tokio runtime, and with none.
    #[error("no Tokio runtime to fetch on: build it inside of one, or name one with `runtime`")]
    NoRuntime,
}

impl LiveBuilder {
    pub(super) fn new(backend: Option<Arc<dyn Backend>>) -> Self {
        Self {
            backend,
            settings: Settings::default(),
            clock: None,
            random: None,
            audit: None,
            runtime: None,
            allowlist: None,
        }
    }

    /// What the operator set; default [`Settings::default`].
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Where the time comes from; default [`SystemClock`], which needs the runtime's timer.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Where chance comes from; default [`SystemRandom`].
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = Some(random);
        self
    }

    /// Where changes are recorded; default nowhere.
    pub fn audit(mut self, sink: Arc<dyn AuditSink>) -> Self {
        self.audit = Some(sink);
        self
    }

    /// The runtime to fetch on; default the one that it is built in. For hosts that are not asynchronous themselves.
    pub fn runtime(mut self, runtime: runtime::Handle) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// Which places may change at run time; default the agent's list and what the settings add, now
    /// and [later](Live::reconfigure).
    pub fn allowlist(mut self, allowlist: Allowlist) -> Self {
        self.allowlist = Some(allowlist);
        self
    }

    /// Makes it. Nothing runs and nothing is asked yet.
    ///
    /// # Errors
    /// There is a backend and no runtime.
    pub fn build(self) -> Result<Live, BuildError> {
        let runtime = self.runtime.or_else(|| runtime::Handle::try_current().ok());
        if self.backend.is_some() && runtime.is_none() {
            return Err(BuildError::NoRuntime);
        }
        let random = self.random.unwrap_or_else(|| Arc::new(SystemRandom));
        let schedule = Schedule::new(&self.settings, random.as_ref());
        Ok(Live {
            inner: Arc::new(Inner {
                backend: self.backend,
                runtime,
                rules: RwLock::new(Arc::new(Rules::new(self.settings, self.allowlist.clone()))),
                own_allowlist: self.allowlist,
                clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock::new())),
                random,
                audit: self.audit,
                state: Mutex::default(),
                scans: Scans::default(),
                gates: Mutex::default(),
                subscribers: Mutex::default(),
                outbox: super::outbox::Outbox::default(),
                schedule: Mutex::new(schedule),
                wishes: Mutex::default(),
                bell: Notify::new(),
                running: AtomicBool::new(false),
                initial_resolution_complete: AtomicBool::new(false),
            }),
        })
    }
}

impl std::fmt::Debug for LiveBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
