//! Calls of a backend: a few at once for each group. Fetches that find them all busy wait, and go out together in one call.
//!
//! Five thousand configurations that are resolved at once are a few calls in this way, and not five thousand.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use tracing::Instrument as _;

use crate::answers::Fault;
use crate::backend::Resolution;
use crate::clock::Moment;
use crate::failure::{Failure, FailureKind};
use crate::group::Group;
use crate::handle::Handle;
use crate::settings::Settings;

use super::flight::Flight;
use super::inner::Inner;

/// Calls of one group that are under way at once: a slow one does not hold up the next, and no store is flooded.
const CALLS: usize = 4;

/// The calls of one group.
#[derive(Default)]
pub(super) struct Gate {
    under_way: usize,
    waiting: Vec<Approach>,
}

/// Sends a fetch off, now or with the next call of its group. It lands in any case: also if the backend panics or hangs, or
/// the runtime shuts down.
pub(super) fn launch(inner: &Arc<Inner>, flight: Arc<Flight>) {
    let Some(runtime) = &inner.runtime else { return };
    let group = flight.group.clone();
    let approach = Approach { inner: Some(Arc::clone(inner)), flight };
    {
        let mut gates = inner.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates.entry(group.clone()).or_default();
        if gate.under_way >= CALLS {
            gate.waiting.push(approach);
            return;
        }
        gate.under_way = gate.under_way.saturating_add(1);
    }
    let mut turn = Turn { inner: Arc::clone(inner), group, is_over: false };
    drop(runtime.spawn(async move {
        let mut together = vec![approach];
        while !together.is_empty() {
            turn.call(together).await;
            together = turn.next();
        }
    }));
}

/// One place among the calls of a group.
struct Turn {
    inner: Arc<Inner>,
    group: Group,
    is_over: bool,
}

impl Turn {
    /// One call for all of these.
    async fn call(&self, together: Vec<Approach>) {
        let begun = self.inner.clock.now();
        let handles: Vec<Handle> =
            together.iter().flat_map(|approach| &approach.flight.handles).cloned().collect();
        let span = tracing::info_span!("fetch", group = %self.group, handles = handles.len());
        let answer = ask(&self.inner, &self.group, handles).instrument(span).await;
        touch_down(&self.inner, together, answer, begun);
    }

    /// Those that have come meanwhile: as many as one call may have, the first in any case. Where there are none the turn is
    /// over, before anybody else can come.
    fn next(&mut self) -> Vec<Approach> {
        let most =
            self.inner.backend.as_ref().map_or(usize::MAX, |backend| backend.most_handles(&self.group));
        let mut gates = self.inner.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(gate) = gates.get_mut(&self.group) else { return Vec::new() };
        let mut count = 0_usize;
        let fits = gate.waiting.iter().take_while(|approach| {
            let first = count == 0;
            count = count.saturating_add(approach.flight.handles.len());
            first || count <= most
        });
        let taken = fits.count();
        let next: Vec<Approach> = gate.waiting.drain(..taken).collect();
        if next.is_empty() {
            self.is_over = true;
            gate.under_way = gate.under_way.saturating_sub(1);
            if gate.under_way == 0 {
                gates.remove(&self.group);
            }
        }
        next
    }
}

/// A turn that is cut off: the runtime shuts down. Whoever waits for the last one is told.
impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let left = {
            let mut gates = self.inner.gates.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(gate) = gates.get_mut(&self.group) else { return };
            gate.under_way = gate.under_way.saturating_sub(1);
            if gate.under_way > 0 {
                return;
            }
            gates.remove(&self.group)
        };
        drop(left);
    }
}

/// Makes sure that a fetch lands, whatever happens to its task.
struct Approach {
    inner: Option<Arc<Inner>>,
    flight: Arc<Flight>,
}

impl Drop for Approach {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            let failure =
                Failure::new(FailureKind::Unavailable, "the fetch was cut off: the runtime shuts down");
            inner.land(std::slice::from_ref(&self.flight), vec![Err(Fault::backend(failure))], None);
        }
    }
}

/// Gives each fetch its part of the answer.
fn touch_down(
    inner: &Arc<Inner>,
    mut together: Vec<Approach>,
    answer: Result<Vec<Resolution>, Failure>,
    begun: Moment,
) {
    let flights: Vec<Arc<Flight>> = together.iter().map(|approach| Arc::clone(&approach.flight)).collect();
    let answers = match answer {
        Err(failure) => flights.iter().map(|_| Err(Fault::backend(failure.clone()))).collect(),
        Ok(resolutions) => parts(&flights, resolutions).into_iter().map(Ok).collect(),
    };
    for approach in &mut together {
        approach.inner = None;
    }
    inner.land(&flights, answers, Some(begun));
}

/// What nobody asked for goes to the first, who looks for such.
fn parts(flights: &[Arc<Flight>], resolutions: Vec<Resolution>) -> Vec<Vec<Resolution>> {
    if flights.len() == 1 {
        return vec![resolutions];
    }
    let asked = flights.iter().enumerate();
    let whose: HashMap<&Handle, usize> = asked
        .flat_map(|(number, flight)| flight.handles.iter().map(move |handle| (handle, number)))
        .collect();
    let mut parts = Vec::new();
    parts.resize_with(flights.len(), Vec::new);
    for resolution in resolutions {
        let number = whose.get(&resolution.handle).copied().unwrap_or_default();
        if let Some(part) = parts.get_mut(number) {
            part.push(resolution);
        }
    }
    parts
}

/// Asks the backend, in a task of its own, whose panic is an answer.
async fn ask(inner: &Inner, group: &Group, handles: Vec<Handle>) -> Result<Vec<Resolution>, Failure> {
    let unavailable = |message: String| Failure::new(FailureKind::Unavailable, message);
    let (Some(backend), Some(runtime)) = (inner.backend.clone(), &inner.runtime) else {
        return Err(unavailable("there is no backend".to_owned()));
    };
    let mut task = runtime.spawn(async move { backend.resolve(&handles).await }.in_current_span());
    let limit = inner.rules().settings.backend_timeout.saturating_add(Settings::GRACE);
    tokio::select! {
        biased;
        answer = &mut task => answer.map_err(|_| unavailable(format!(
            "the backend of '{group}' ended without an answer; this is a fault of the backend"
        ))),
        () = inner.clock.sleep_until(inner.clock.now().after(limit)) => {
            task.abort();
            Err(unavailable(format!(
                "'{group}' timed out after {} seconds. You can increase secret_backend_timeout.",
                limit.as_secs()
            )))
        }
    }
}
