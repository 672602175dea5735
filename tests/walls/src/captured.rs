//! Everything that the process logs, by both ways that crates log, at the finest level.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;

/// Whether anything is kept: tests that log much run in the same process.
static ON: AtomicBool = AtomicBool::new(false);

static KEPT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Said by each way when a capture begins: without them in the text, nothing was captured.
pub(crate) const CANARIES: [&str; 2] = ["canary by tracing", "canary by log"];

/// Does something, and says what was logged meanwhile, by any thread.
pub(crate) fn captured<T>(act: impl FnOnce() -> T) -> (T, String) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let kept = tracing_subscriber::fmt::layer()
            .with_writer(|| Keeper)
            .with_ansi(false)
            .with_span_events(FmtSpan::FULL)
            .with_filter(dynamic_filter_fn(|_, _| ON.load(Ordering::Relaxed)));
        // Where another logger was first, the canaries are missing.
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(kept));
        let _ = log::set_logger(&Logger);
    });
    kept(Vec::clear);
    ON.store(true, Ordering::SeqCst);
    log::set_max_level(log::LevelFilter::Trace);
    let [tracing, log] = CANARIES;
    tracing::trace!("{tracing}");
    log::trace!("{log}");
    let done = act();
    log::set_max_level(log::LevelFilter::Off);
    ON.store(false, Ordering::SeqCst);
    (done, kept(|bytes| String::from_utf8_lossy(&std::mem::take(bytes)).into_owned()))
}

fn kept<T>(with: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    with(&mut KEPT.lock().unwrap_or_else(PoisonError::into_inner))
}

struct Keeper;

impl io::Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        kept(|kept| kept.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}: {}\n", record.level(), record.target(), record.args());
        kept(|kept| kept.extend_from_slice(line.as_bytes()));
    }

    fn flush(&self) {}
}
