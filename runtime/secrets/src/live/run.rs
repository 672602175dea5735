//! Fetching again at the right times.

use std::collections::HashSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::clock::Moment;
use crate::refresh::{RefreshError, Report};

use super::inner::Inner;
use super::refresh::{Haste, Selection, spawned};

/// Something keeps the values current already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the values are kept current already: `run` was called twice")]
pub struct AlreadyRunning;

/// What it is time for.
enum Task {
    Tick,
    Request,
    Some(Selection),
}

pub(super) async fn run(
    inner: &Arc<Inner>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), AlreadyRunning> {
    if inner.running.swap(true, Ordering::AcqRel) {
        return Err(AlreadyRunning);
    }
    let _running = Running(&inner.running);
    let mut shutdown = pin!(shutdown);
    inner.schedule().start(inner.clock.now());
    loop {
        while let Some(task) = inner.next_task() {
            inner.perform(task).await;
        }
        let wake = async {
            match inner.next_wake() {
                Some(moment) => inner.clock.sleep_until(moment).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = &mut shutdown => return Ok(()),
            () = inner.bell.notified() => {}
            () = wake => {}
        }
    }
}

struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Inner {
    fn next_wake(&self) -> Option<Moment> {
        let tick = self.schedule().next();
        let renewal =
            self.rules().settings.refresh_before_expiry.then(|| self.state().cache.next_renewal()).flatten();
        tick.into_iter().chain(renewal).min()
    }

    fn next_task(&self) -> Option<Task> {
        let now = self.clock.now();
        if self.schedule().is_due(now) {
            return Some(Task::Tick);
        }
        if std::mem::take(&mut self.wishes().refresh) {
            return Some(Task::Request);
        }
        let touched = std::mem::take(&mut self.wishes().touched);
        if !touched.is_empty() {
            return Some(Task::Some(Selection::Groups(touched)));
        }
        if self.rules().settings.refresh_before_expiry {
            let due: HashSet<_> = self.state().cache.take_due(now).into_iter().collect();
            return (!due.is_empty()).then(|| Task::Some(Selection::Handles(due)));
        }
        None
    }

    async fn perform(self: &Arc<Self>, task: Task) {
        match task {
            Task::Tick => {
                told(&spawned(self, Selection::All, Haste::InTime).await);
                self.schedule().ended(self.clock.now());
            }
            Task::Request => {
                if !self.schedule().admit(self.clock.now()) {
                    tracing::debug!("secret refresh on request left out: the last one was too short ago");
                    return;
                }
                let done = spawned(self, Selection::All, Haste::InTime).await;
                if done.as_ref().is_ok_and(|report| report.candidates > 0) {
                    tracing::info!("Secret refresh after invalid API key completed");
                }
                told(&done);
            }
            Task::Some(selection) => told(&spawned(self, selection, Haste::InTime).await),
        }
    }
}

fn told(done: &Result<Report, RefreshError>) {
    match done {
        Ok(report) => tracing::debug!(
            candidates = report.candidates,
            reloaded = report.reloaded.len(),
            postponed = report.postponed.len(),
            "secrets refreshed"
        ),
        Err(error) => tracing::info!("Error with refreshing secrets: {error}"),
    }
}
