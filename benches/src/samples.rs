//! Times of one thing, and what is said of them.

use std::time::{Duration, Instant};

/// The times that one thing took.
#[derive(Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// Times one run. What `run` returns is dropped after the clock has stopped.
    pub(crate) fn time<T>(&mut self, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<()> {
        let began = Instant::now();
        let result = run();
        self.0.push(began.elapsed());
        result.map(drop)
    }

    /// The same for a future.
    pub(crate) async fn time_async<T>(
        &mut self,
        run: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<()> {
        let began = Instant::now();
        let result = run.await;
        self.0.push(began.elapsed());
        result.map(drop)
    }

    pub(crate) fn summary(mut self) -> Summary {
        self.0.sort_unstable();
        Summary { runs: self.0.len(), median: at(&self.0, 50), p99: at(&self.0, 99) }
    }
}

/// The nearest-rank percentile of sorted times.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or_default()
}

/// What is reported of a sample.
#[derive(Clone, Copy)]
pub(crate) struct Summary {
    pub(crate) runs: usize,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

impl Summary {
    /// How many times as long as `other` this takes, by the medians.
    pub(crate) fn over(&self, other: &Self) -> f64 {
        self.median.as_secs_f64() / other.median.as_secs_f64()
    }
}
