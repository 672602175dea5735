//! The questions of a process that are open, and how it ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use portcullis::{Fault, Handle};
use portcullis_secrets::Resolution;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::check::{self, AnswerError};
use super::child::Child;
use super::error::RunnerError;
use super::message::Resolved;

/// How long a process may live on without its output.
const EXIT: Duration = Duration::from_secs(2);

type Answer = Result<Vec<Resolution>, RunnerError>;

/// What asking and listening share.
#[derive(Debug)]
pub(super) struct Shared {
    child: Child,
    slots: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    open: HashMap<u64, Open>,
    faults: Vec<Fault>,
    answered: bool,
    ended: Option<RunnerError>,
}

/// A question. It stays until its answer, also where nobody waits any more: the answer would be one to no question.
#[derive(Debug)]
struct Open {
    handles: Vec<Handle>,
    tell: oneshot::Sender<Answer>,
    _slot: OwnedSemaphorePermit,
}

impl Shared {
    pub(super) fn new(child: Child) -> Self {
        Self { child, slots: Arc::new(Semaphore::new(0)), state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) const fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// It is ready for so many calls.
    pub(super) fn begin(&self, calls: u32, faults: Vec<Fault>) {
        self.state().faults = faults;
        self.slots.add_permits(usize::try_from(calls).unwrap_or(Semaphore::MAX_PERMITS));
    }

    /// Waits until it has so many calls free.
    pub(super) async fn slot(&self, calls: u32) -> Result<OwnedSemaphorePermit, RunnerError> {
        Arc::clone(&self.slots).acquire_many_owned(calls).await.map_err(|_| self.why_ended())
    }

    pub(super) fn free_slots(&self) -> usize {
        self.slots.available_permits()
    }

    /// A number that no question had.
    pub(super) fn next(&self) -> u64 {
        let mut state = self.state();
        state.next = state.next.wrapping_add(1);
        state.next
    }

    /// Opens a question, before it is asked.
    pub(super) fn open(
        &self,
        id: u64,
        handles: Vec<Handle>,
        slot: OwnedSemaphorePermit,
    ) -> Result<oneshot::Receiver<Answer>, RunnerError> {
        let mut state = self.state();
        if let Some(ended) = &state.ended {
            return Err(ended.clone());
        }
        let (tell, answer) = oneshot::channel();
        state.open.insert(id, Open { handles, tell, _slot: slot });
        Ok(answer)
    }

    /// Takes the answer to an open question.
    pub(super) fn answer(
        &self,
        id: u64,
        resolved: Vec<Resolved>,
        faults: Vec<Fault>,
    ) -> Result<(), AnswerError> {
        let open = self.state().open.remove(&id).ok_or(AnswerError::Unasked(id))?;
        match check::resolutions(&open.handles, resolved) {
            Ok(resolutions) => {
                let mut state = self.state();
                state.faults = faults;
                state.answered = true;
                drop(state);
                let _ = open.tell.send(Ok(resolutions));
                Ok(())
            }
            Err(error) => {
                let _ = open.tell.send(Err(error.clone().into()));
                Err(error)
            }
        }
    }

    /// Ends the process, and all that waits for it. The first reason counts.
    pub(super) fn end(&self, error: &RunnerError) {
        self.child.kill();
        self.slots.close();
        let open = {
            let mut state = self.state();
            if state.ended.is_none() {
                state.ended = Some(error.clone());
                if !matches!(error, RunnerError::Closed) {
                    tracing::error!(pid = self.child.pid(), "{error}");
                }
            }
            std::mem::take(&mut state.open)
        };
        for (_, open) in open {
            let _ = open.tell.send(Err(error.clone()));
        }
    }

    /// Ends a process that has closed its output, and says how it ended.
    pub(super) async fn exit(&self) -> String {
        // Closing it is the last but one thing that an end does: the status says how it came, unless it does not come.
        if let Ok(status) = timeout(EXIT, self.child.ended()).await {
            return status;
        }
        self.child.kill();
        self.child.ended().await
    }

    pub(super) fn ended(&self) -> Option<(RunnerError, bool)> {
        let state = self.state();
        state.ended.clone().map(|error| (error, state.answered))
    }

    pub(super) fn why_ended(&self) -> RunnerError {
        self.state().ended.clone().unwrap_or(RunnerError::Closed)
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        self.state().faults.clone()
    }
}
