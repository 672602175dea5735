//! One fetch of handles of one group, by a task of its own: shared by all who wait for one of them, owned by none.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::answers::Fault;
use crate::backend::Resolution;
use crate::failure::{Failure, FailureKind};
use crate::group::Group;
use crate::handle::Handle;
use crate::settings::Settings;

use super::change::Value;
use super::inner::Inner;

/// Why a fetch goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Resolve,
    Refresh,
}

/// A fetch.
pub(super) struct Flight {
    pub(super) group: Group,
    pub(super) handles: Vec<Handle>,
    pub(super) purpose: Purpose,
    landed: watch::Sender<Option<Arc<Landed>>>,
}

/// What a fetch brought, once it is applied.
pub(super) struct Landed {
    pub(super) outcomes: HashMap<Handle, Outcome>,
    /// Until when subscribers must have been called for all of it to be told.
    pub(super) ticket: u64,
}

/// What came of one handle.
pub(super) struct Outcome {
    pub(super) result: Result<Value, Failure>,
    pub(super) changed: bool,
}

impl Flight {
    pub(super) fn new(group: Group, handles: Vec<Handle>, purpose: Purpose) -> Arc<Self> {
        Arc::new(Self { group, handles, purpose, landed: watch::Sender::new(None) })
    }

    /// Waits for what it brings.
    pub(super) async fn landed(&self) -> Option<Arc<Landed>> {
        // The sender is in `self`: the wait ends by what it waits for.
        self.landed.subscribe().wait_for(Option::is_some).await.ok()?.clone()
    }

    pub(super) fn land(&self, landed: Landed) {
        self.landed.send_replace(Some(Arc::new(landed)));
    }
}

/// Sends it off. It lands in any case: also if the backend panics or hangs, or the runtime shuts down.
pub(super) fn launch(inner: &Arc<Inner>, flight: Arc<Flight>) {
    let Some(runtime) = &inner.runtime else { return };
    let approach = Approach { inner: Some(inner.clone()), flight };
    drop(runtime.spawn(async move {
        let begun = approach.inner.as_ref().map(|inner| inner.clock.now());
        let answer = match &approach.inner {
            Some(inner) => ask(inner, &approach.flight).await,
            None => return,
        };
        approach.touch_down(answer, begun.unwrap_or_default());
    }));
}

/// Makes sure that a fetch lands, whatever happens to its task.
struct Approach {
    inner: Option<Arc<Inner>>,
    flight: Arc<Flight>,
}

impl Approach {
    fn touch_down(mut self, answer: Result<Vec<Resolution>, Failure>, begun: crate::clock::Moment) {
        if let Some(inner) = self.inner.take() {
            inner.land(&self.flight, answer.map_err(Fault::backend), Some(begun));
        }
    }
}

impl Drop for Approach {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            let failure =
                Failure::new(FailureKind::Unavailable, "the fetch was cut off: the runtime shuts down");
            inner.land(&self.flight, Err(Fault::backend(failure)), None);
        }
    }
}

/// Asks the backend, in a task of its own, whose panic is an answer.
async fn ask(inner: &Inner, flight: &Arc<Flight>) -> Result<Vec<Resolution>, Failure> {
    let unavailable = |message: String| Failure::new(FailureKind::Unavailable, message);
    let (Some(backend), Some(runtime)) = (inner.backend.clone(), &inner.runtime) else {
        return Err(unavailable("there is no backend".to_owned()));
    };
    let asked = flight.clone();
    let mut task = runtime.spawn(async move { backend.resolve(&asked.handles).await });
    let limit = inner.settings.backend_timeout.saturating_add(Settings::GRACE);
    tokio::select! {
        biased;
        answer = &mut task => answer.map_err(|_| unavailable(format!(
            "the backend of '{}' ended without an answer; this is a fault of the backend", flight.group
        ))),
        () = inner.clock.sleep_until(inner.clock.now().after(limit)) => {
            task.abort();
            Err(unavailable(format!(
                "'{}' timed out after {} seconds. You can increase secret_backend_timeout.",
                flight.group,
                limit.as_secs()
            )))
        }
    }
}
