//! Processor time of one call: what its polls took, summed, against the `cpu` limit.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use wasmtime::{StoreContextMut, UpdateDeadline};

use super::cpu_clock;

/// Charged for each poll beside its own time, in nanoseconds: what the runtime spends to come back to a call. A guest that
/// gives way over and over would have a third of its time for nothing.
const POLL: u64 = 500;

/// What a call has used. Shared by the future that is polled and by the epoch callback inside it.
#[derive(Debug)]
pub(super) struct Meter {
    limit: u64,
    spent: AtomicU64,
    poll_began: AtomicU64,
}

/// The `cpu` limit is reached.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the processor time of the call is used up")]
pub(super) struct OverCpu;

impl Meter {
    pub(super) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self { limit: nanos(limit), spent: AtomicU64::new(0), poll_began: AtomicU64::new(0) })
    }

    fn check(&self, in_this_poll: u64) -> Result<(), OverCpu> {
        let spent = self.spent.load(Ordering::Relaxed).saturating_add(in_this_poll);
        if spent > self.limit { Err(OverCpu) } else { Ok(()) }
    }

    fn in_this_poll(&self) -> u64 {
        nanos(cpu_clock::now()).saturating_sub(self.poll_began.load(Ordering::Relaxed))
    }

    /// What the epoch does to a running guest: always yield, and stop it when the sum is over.
    pub(super) fn on_tick<T>(
        self: Arc<Self>,
    ) -> impl FnMut(StoreContextMut<'_, T>) -> wasmtime::Result<UpdateDeadline> + Send + Sync + 'static {
        move |_| {
            self.check(self.in_this_poll())?;
            Ok(UpdateDeadline::Yield(1))
        }
    }

    /// Wraps the call so that each poll is measured, host calls included.
    pub(super) fn measure<F: Future>(self: Arc<Self>, future: F) -> Measured<F> {
        Measured { future: Box::pin(future), meter: self }
    }
}

/// A future whose polls are measured.
pub(super) struct Measured<F> {
    future: Pin<Box<F>>,
    meter: Arc<Meter>,
}

impl<F: Future> Future for Measured<F> {
    type Output = Result<F::Output, OverCpu>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let meter = Arc::clone(&self.meter);
        meter.poll_began.store(nanos(cpu_clock::now()), Ordering::Relaxed);
        let polled = self.future.as_mut().poll(context);
        meter.spent.fetch_add(meter.in_this_poll().saturating_add(POLL), Ordering::Relaxed);
        match polled {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            // A guest that stays in host calls never sees a tick: the sum is looked at here too.
            Poll::Pending => match meter.check(0) {
                Ok(()) => Poll::Pending,
                Err(over) => Poll::Ready(Err(over)),
            },
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
