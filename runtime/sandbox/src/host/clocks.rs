//! The clocks of a guest: right, but coarse.
//!
//! What tells a cache hit from a miss, or what another thread does, takes less than a microsecond. What a backend needs
//! a clock for (when a token ends, when to try again) takes no less than a millisecond, which is also the step of the
//! timers that it can wait for. A guest that counts its own steps between two ticks sees finer than this; see SECURITY.md.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// The step of both clocks.
const GRAIN: Duration = Duration::from_millis(1);

/// Time since the call began.
pub(crate) struct Monotonic(Instant);

impl Monotonic {
    /// Zero is now.
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl HostMonotonicClock for Monotonic {
    fn resolution(&self) -> u64 {
        nanos(GRAIN)
    }

    fn now(&self) -> u64 {
        nanos(coarse(self.0.elapsed()))
    }
}

/// Time of day.
pub(crate) struct Wall;

impl HostWallClock for Wall {
    fn resolution(&self) -> Duration {
        GRAIN
    }

    fn now(&self) -> Duration {
        // A machine that believes to be before 1970 is at its beginning.
        coarse(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

/// The last step that is over.
fn coarse(time: Duration) -> Duration {
    let fine = time.subsec_nanos() % GRAIN.subsec_nanos();
    time.saturating_sub(Duration::from_nanos(u64::from(fine)))
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_last_step_that_is_over() {
        for (time, expected) in [
            ((0, 0), (0, 0)),
            ((0, 999_999), (0, 0)),
            ((0, 1_000_000), (0, 1_000_000)),
            ((7, 999_999_999), (7, 999_000_000)),
            ((u64::MAX, 1), (u64::MAX, 0)),
        ] {
            let (time, expected) = (Duration::new(time.0, time.1), Duration::new(expected.0, expected.1));
            assert_eq!(coarse(time), expected, "{time:?}");
        }
    }
}
