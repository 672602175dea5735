//! The line of changes to be told: in the order in which they were made, one at a time, with nothing locked.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::change::Change;
use super::inner::Inner;
use super::state::State;

/// What is to be told.
enum Event {
    Changes(Vec<Change>),
    Failures,
}

/// The line, and how far it has been told.
#[derive(Default)]
pub(super) struct Outbox {
    line: Mutex<Line>,
    told: watch::Sender<u64>,
}

#[derive(Default)]
struct Line {
    events: VecDeque<Event>,
    /// How many events were ever put in line: the ticket of the last.
    tickets: u64,
    /// Whether somebody is telling.
    busy: bool,
    /// Which failures the callbacks know.
    failures_told: Option<u64>,
}

thread_local! {
    /// Whose subscribers this thread is calling: a call back from there must not wait for itself.
    static TELLING: Cell<usize> = const { Cell::new(0) };
}

impl Outbox {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn identity(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Waits until everything up to a ticket has been told, unless a subscriber asks.
    pub(super) async fn told(&self, ticket: u64) {
        if TELLING.get() != self.identity() {
            // The sender is in `self`.
            let _ = self.told.subscribe().wait_for(|told| *told >= ticket).await;
        }
    }
}

impl Inner {
    /// Puts changes in line, and the failures if they may be others. Under the lock of the state, whose order it keeps.
    pub(super) fn put_in_line(&self, state: &State, changes: Vec<Change>) -> u64 {
        let failures = self.subscribers().has_failure_callbacks().then(|| state.failures.generation());
        let mut line = self.outbox.line();
        if !changes.is_empty() {
            line.events.push_back(Event::Changes(changes));
            line.tickets = line.tickets.wrapping_add(1);
        }
        if failures.is_some() && failures != line.failures_told {
            line.failures_told = failures;
            line.events.push_back(Event::Failures);
            line.tickets = line.tickets.wrapping_add(1);
        }
        line.tickets
    }

    /// Puts the failures in line in any case.
    pub(super) fn put_failures_in_line(&self, state: &State) {
        let mut line = self.outbox.line();
        line.failures_told = Some(state.failures.generation());
        line.events.push_back(Event::Failures);
        line.tickets = line.tickets.wrapping_add(1);
    }

    /// Has told what is in line, unless somebody does: on a thread that may block, since subscribers may.
    pub(super) fn tell(self: &Arc<Self>) {
        {
            let line = self.outbox.line();
            if line.busy || line.events.is_empty() {
                return;
            }
        }
        if let Some(runtime) = &self.runtime {
            let mut teller = Teller(Some(self.clone()));
            drop(runtime.spawn_blocking(move || teller.run()));
        }
    }

    /// Tells what is in line on this thread, unless somebody does.
    pub(super) fn tell_here(&self) {
        loop {
            let event = {
                let mut line = self.outbox.line();
                if line.busy {
                    return;
                }
                let Some(event) = line.events.pop_front() else { return };
                line.busy = true;
                event
            };
            let before = TELLING.replace(self.outbox.identity());
            self.call(event);
            TELLING.set(before);
            self.outbox.line().busy = false;
            self.outbox.told.send_modify(|told| *told = told.wrapping_add(1));
        }
    }

    fn call(&self, event: Event) {
        match event {
            Event::Changes(changes) => {
                let subscribers = self.subscribers().changes();
                for change in &changes {
                    for subscriber in subscribers.iter().filter(|subscriber| subscriber.is_active()) {
                        shielded(|| (subscriber.call)(change));
                    }
                }
            }
            Event::Failures => {
                let subscribers = self.subscribers().failures();
                if subscribers.is_empty() {
                    return;
                }
                let failures = self.failures();
                let complete = self.initial_resolution_is_complete();
                for subscriber in subscribers.iter().filter(|subscriber| subscriber.is_active()) {
                    shielded(|| (subscriber.call)(&failures, complete));
                }
            }
        }
    }
}

/// Tells, or, on a runtime that shuts down, makes sure that nobody waits for it.
struct Teller(Option<Arc<Inner>>);

impl Teller {
    fn run(&mut self) {
        if let Some(inner) = self.0.take() {
            inner.tell_here();
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let Some(inner) = self.0.take() else { return };
        let tickets = {
            let mut line = inner.outbox.line();
            line.events.clear();
            line.tickets
        };
        inner.outbox.told.send_replace(tickets);
    }
}

/// A subscriber that panics ends its own call and nothing else.
fn shielded(call: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(call)).is_err() {
        tracing::error!("a subscriber to secrets panicked; the others are told all the same");
    }
}
