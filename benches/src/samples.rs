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

    /// What is said of times that were taken in so many rounds of the same length.
    pub(crate) fn summary(mut self, rounds: usize) -> Summary {
        let round = self.0.len().div_ceil(rounds.max(1)).max(1);
        let rounds = self.0.chunks_mut(round).map(|times| {
            times.sort_unstable();
            at(times, 50)
        });
        let rounds = rounds.collect();
        self.0.sort_unstable();
        Summary { runs: self.0.len(), median: at(&self.0, 50), p99: at(&self.0, 99), rounds }
    }
}

/// The nearest-rank percentile of sorted times.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or_default()
}

/// What is reported of a sample.
pub(crate) struct Summary {
    pub(crate) runs: usize,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
    /// The median of each round.
    rounds: Vec<Duration>,
}

impl Summary {
    /// How many times as long as `other` this takes: the median of the rounds, because a machine that is slow for one of
    /// them is slow for both in it.
    pub(crate) fn over(&self, other: &Self) -> f64 {
        let rounds = self.rounds.iter().zip(&other.rounds);
        let mut ratios: Vec<f64> =
            rounds.map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64()).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let middle = |index: usize| ratios.get(index).copied().unwrap_or(f64::NAN);
        f64::midpoint(middle(ratios.len().saturating_sub(1) / 2), middle(ratios.len() / 2))
    }
}
