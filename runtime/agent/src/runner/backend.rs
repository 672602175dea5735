//! The providers of a plan, answered by a process that is replaced when it ends.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use portcullis::{Calls, Catalogue, Fault, Handle, Providers};
use portcullis_policy::EventSink;
use portcullis_secrets::{Backend, Failure, FailureKind, Group, Resolution, ResolutionFuture};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::conversation::Conversation;
use super::error::RunnerError;
use super::program::Program;

/// How long a runner may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Until it is ready. Default 150 s: it may have to compile, and each component may take 60 s.
    pub start: Duration,
    /// For an answer, beyond the `wall` limit of the call. Default 10 s: a call that is over its limit is ended by the runner
    /// itself, so this is for one that does not work any more, or is very short of processor time.
    pub grace: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { start: Duration::from_secs(150), grace: Duration::from_secs(10) }
    }
}

/// Providers that run in a process of their own. It ends with this, and with the process that started it.
///
/// Where it ends by itself, or sends what it must not, the handles that were under way fail as unavailable, and the next batch
/// starts another one: at once after the first time, and after a wait that grows when that did not help.
pub struct Runner(Arc<Inner>);

struct Inner {
    catalogue: Arc<Catalogue>,
    program: Program,
    events: Arc<dyn EventSink>,
    times: Times,
    current: RwLock<Arc<Conversation>>,
    /// Held while another one is started.
    starting: Mutex<Starting>,
}

#[derive(Default)]
struct Starting {
    backoff: Backoff,
    /// Why the last one did not start, where it did not.
    failed: Option<RunnerError>,
    /// Whether the end of the current one was counted.
    counted: bool,
}

impl Runner {
    /// Starts a runner for these providers and waits until it is ready; with it the providers that cannot be loaded. To be called
    /// in a Tokio runtime with I/O and time.
    ///
    /// `events` gets all that happens to providers, as if it happened in this process.
    ///
    /// # Errors
    /// Where the process does not start, or does not get ready.
    pub async fn start(
        catalogue: Catalogue,
        program: Program,
        events: Arc<dyn EventSink>,
        times: Times,
    ) -> Result<(Self, Vec<Fault>), RunnerError> {
        let catalogue = Arc::new(catalogue);
        let (first, faults) = Conversation::start(&program, &catalogue, &events, times.start).await?;
        let (current, starting) = (RwLock::new(Arc::new(first)), Mutex::default());
        Ok((Self(Arc::new(Inner { catalogue, program, events, times, current, starting })), faults))
    }
}

impl Inner {
    fn current(&self) -> Arc<Conversation> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The process that lives, or the next one.
    async fn living(&self) -> Result<Arc<Conversation>, RunnerError> {
        let current = self.current();
        if current.ended().is_none() {
            return Ok(current);
        }
        let mut starting = self.starting.lock().await;
        // Another batch may have been faster.
        let current = self.current();
        let Some((ended, had_answered)) = current.ended() else { return Ok(current) };
        let now = Instant::now();
        if !starting.counted {
            starting.backoff.ended(had_answered, now);
            starting.counted = true;
        }
        if let Some(left) = starting.backoff.left(now) {
            let cause = Box::new(starting.failed.clone().unwrap_or(ended));
            return Err(RunnerError::Waiting { cause, left });
        }
        let started = Conversation::start(&self.program, &self.catalogue, &self.events, self.times.start);
        match started.await {
            Ok((next, faults)) => {
                for fault in faults {
                    tracing::error!("{fault}");
                }
                let next = Arc::new(next);
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
                (starting.failed, starting.counted) = (None, false);
                Ok(next)
            }
            Err(error) => {
                starting.backoff.ended(false, Instant::now());
                starting.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    async fn ask(&self, handles: Vec<Handle>) -> Result<Vec<Resolution>, RunnerError> {
        let providers: BTreeSet<_> =
            handles.iter().filter_map(|handle| self.catalogue.provider_of(handle)).collect();
        let walls = providers.iter().filter_map(|name| {
            let (_, planned) = self.catalogue.provider(name.as_str())?;
            Some(planned.policy.limits().wall.value())
        });
        let limit = walls.max().unwrap_or_default().saturating_add(self.times.grace);
        let calls = providers.len();
        self.living().await?.ask(handles, calls, limit).await
    }
}

impl Backend for Runner {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(async move {
            if handles.is_empty() {
                return Vec::new();
            }
            let (inner, asked) = (Arc::clone(&self.0), handles.to_vec());
            // A task: whoever does not wait any more leaves a question behind that still has its answer coming.
            let answered = tokio::spawn(async move { inner.ask(asked).await }).await;
            match answered {
                Ok(Ok(resolutions)) => resolutions,
                Ok(Err(error)) => Resolution::all_failed(handles, &unavailable(&error)),
                Err(_) => Resolution::all_failed(handles, &unavailable(&RunnerError::Closed)),
            }
        })
    }

    fn most_handles(&self, group: &Group) -> usize {
        self.0.catalogue.most_handles(group)
    }

    fn group(&self, handle: &Handle) -> Group {
        self.0.catalogue.group(handle)
    }
}

fn unavailable(error: &RunnerError) -> Failure {
    let retry_after = match error {
        RunnerError::Waiting { left, .. } => Some(*left),
        _ => None,
    };
    Failure { kind: FailureKind::Unavailable, message: error.to_string(), retry_after }
}

impl Providers for Runner {
    fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    fn faults(&self) -> Vec<Fault> {
        self.0.current().faults()
    }

    fn calls(&self) -> Option<Calls> {
        Some(self.0.current().calls())
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("program", &self.0.program).finish_non_exhaustive()
    }
}
