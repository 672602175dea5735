//! One thread that advances the epoch while calls are in flight, and sleeps otherwise.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

/// How often the epoch advances: the grain of the `cpu` limit.
///
/// A guest that loops gives its thread back this often. A call without faults is over long before the first tick.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// The ticker of one engine. Its thread starts with the first call and ends with the ticker.
#[derive(Debug)]
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Mutex<Option<Thread>>,
}

#[derive(Debug, Default)]
struct Shared {
    calls: AtomicUsize,
    ended: AtomicBool,
}

/// A call in flight: while one exists, the epoch advances.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Shared>);

impl Ticker {
    pub(crate) fn new() -> Self {
        Self { shared: Arc::new(Shared::default()), thread: Mutex::new(None) }
    }

    /// Counts a call in. `None` where the system refuses a thread: without one nothing bounds a call.
    pub(crate) fn start(&self, engine: &Engine) -> Option<InFlight> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.shared.calls.fetch_add(1, Ordering::SeqCst);
        let in_flight = InFlight(Arc::clone(&self.shared));
        match &*thread {
            Some(thread) if before == 0 => thread.unpark(),
            Some(_) => {}
            None => *thread = Some(spawn(engine.weak(), Arc::clone(&self.shared))?),
        }
        Some(in_flight)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner) {
            thread.unpark();
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts the thread. It holds the engine weakly: a strong reference would keep the engine for ever.
fn spawn(engine: EngineWeak, shared: Arc<Shared>) -> Option<Thread> {
    let handle = thread::Builder::new()
        .name("portcullis-tick".to_owned())
        .spawn(move || {
            while !shared.ended.load(Ordering::SeqCst) {
                if shared.calls.load(Ordering::SeqCst) == 0 {
                    thread::park();
                    continue;
                }
                thread::sleep(TICK);
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        })
        .ok()?;
    Some(handle.thread().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_does_not_keep_the_engine() {
        let engine = Engine::default();
        let weak = engine.weak();
        let ticker = Ticker::new();
        let call = ticker.start(&engine);
        assert!(call.is_some());
        drop((call, ticker, engine));
        // The thread may hold a strong reference for the length of one increment.
        while weak.upgrade().is_some() {
            thread::yield_now();
        }
    }
}
