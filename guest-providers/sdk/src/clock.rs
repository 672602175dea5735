//! Time, as the host grants it: `std::time` panics on this target.

use std::time::Duration;

use crate::bindings::wasi::clocks::{monotonic_clock, wall_clock};

/// Time since 1970-01-01T00:00:00Z. It may jump.
pub fn since_epoch() -> Duration {
    let now = wall_clock::now();
    Duration::new(now.seconds, now.nanoseconds)
}

/// Time since some fixed moment of this call. It never goes back.
pub fn monotonic() -> Duration {
    Duration::from_nanos(monotonic_clock::now())
}
