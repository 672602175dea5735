//! A provider that behaves, on the same engine, while another does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portcullis_sandbox::Provider;

/// Fewest calls that make a 99th percentile worth saying.
pub(crate) const CALLS: usize = 1_000;

/// How long the neighbour's calls took.
#[derive(Clone, Copy, Debug)]
pub struct Latency {
    /// Calls that were made.
    pub calls: usize,
    /// 99 of 100 took at most so long.
    pub p99: Duration,
}

/// Calls the neighbour over and over until told to stop, and at least [`CALLS`] times.
///
/// # Errors
///
/// Where one of its calls fails.
pub(crate) async fn keep_calling(provider: Arc<Provider>, stop: Arc<AtomicBool>) -> Result<Latency, String> {
    let handles = ["one", "two", "three"].map(str::to_owned);
    let mut times = Vec::with_capacity(CALLS);
    while times.len() < CALLS || !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        let answered = provider.resolve(&handles).await;
        times.push(began.elapsed());
        match answered {
            Ok(outcomes) if outcomes.len() == handles.len() && outcomes.iter().all(Result::is_ok) => {}
            other => return Err(format!("the neighbour's call failed: {other:?}")),
        }
        tokio::task::yield_now().await;
    }
    times.sort_unstable();
    let p99 = times.get(times.len().saturating_mul(99) / 100).copied().unwrap_or_default();
    Ok(Latency { calls: times.len(), p99 })
}
