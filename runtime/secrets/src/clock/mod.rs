//! Time, as an argument: what a wall clock says, what only ever grows, and how to wait.
//!
//! * `system`: the machine's own ([`SystemClock`]). `manual`: one that is moved by hand ([`ManualClock`]).

mod manual;
mod system;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

pub use manual::ManualClock;
pub use system::SystemClock;

/// What [`Clock::sleep_until`] returns.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// What the clock on the wall shows: for people and records. May jump.
    fn wall(&self) -> SystemTime;

    /// The time that has gone by, which never jumps: for everything that waits.
    fn now(&self) -> Moment;

    /// Done at that moment, or at once if it is over.
    fn sleep_until(&self, moment: Moment) -> Sleep<'_>;
}

/// A point in time of one clock, counted from that clock's own start. Arithmetic stops at the ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(Duration);

impl Moment {
    /// The moment that long after the clock's start.
    #[must_use]
    pub fn since_start(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// How long after the clock's start it is.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0
    }

    /// The moment that much later.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(wait))
    }

    /// How long ago `earlier` was; zero if it is yet to come.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}
