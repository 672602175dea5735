//! The machine's clocks.

use std::time::{Instant, SystemTime};

use super::{Clock, Moment, Sleep};

/// The machine's clocks, and Tokio's timer to wait by: it needs a runtime with the timer enabled.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock that starts now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn now(&self) -> Moment {
        Moment::since_start(self.start.elapsed())
    }

    fn sleep_until(&self, moment: Moment) -> Sleep<'_> {
        match self.start.checked_add(moment.elapsed()) {
            Some(instant) => Box::pin(tokio::time::sleep_until(instant.into())),
            // Further away than the machine can count.
            None => Box::pin(std::future::pending()),
        }
    }
}
