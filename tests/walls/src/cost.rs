//! What something cost the host: time and memory. Printed, and only the memory is ever judged.

use std::time::{Duration, Instant};

use crate::HOST_MEMORY;

/// What one thing cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// From its beginning to its end.
    pub time: Duration,
    /// Most bytes that the host had allocated for it at once. A guest's own memory is not among them.
    pub memory: usize,
}

impl Cost {
    /// Does it, and says what it cost.
    pub(crate) fn of<T>(act: impl FnOnce() -> T) -> (T, Self) {
        HOST_MEMORY.reset_peak_usage();
        let (before, began) = (HOST_MEMORY.current_usage(), Instant::now());
        let done = act();
        let time = began.elapsed();
        (done, Self { time, memory: HOST_MEMORY.peak_usage().saturating_sub(before) })
    }

    /// Both, one after the other.
    pub(crate) fn and(self, next: Self) -> Self {
        Self { time: self.time.saturating_add(next.time), memory: self.memory.max(next.memory) }
    }
}
