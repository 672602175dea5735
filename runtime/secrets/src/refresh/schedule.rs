//! When to refresh: a machine without a clock of its own, so that every case of it can be tried.

use std::time::Duration;

use crate::clock::Moment;
use crate::random::Random;
use crate::settings::Settings;

/// The least time before the first scattered refresh.
const FIRST_AT_LEAST: Duration = Duration::from_secs(1);

/// When the next periodic refresh is, and whether a requested one may be now.
///
/// The first tick comes one interval after the start, or, scattered, at a random time of [1 s, interval + 1 s).
/// Every later one comes an interval after the end of the refresh before. Requested refreshes do not move the ticks.
#[derive(Debug, Clone)]
pub struct Schedule {
    interval: Option<Duration>,
    first: Option<Duration>,
    scattered: bool,
    tick: Option<Moment>,
    gap: Option<Duration>,
    requested: Option<Moment>,
}

impl Schedule {
    /// The schedule of these settings. Chance is asked once, and only if the first tick is scattered.
    #[must_use]
    pub fn new(settings: &Settings, random: &dyn Random) -> Self {
        let some = |time: Duration| (!time.is_zero()).then_some(time);
        let interval = some(settings.refresh_interval);
        let scattered = settings.refresh_scatter && interval.is_some();
        let first = interval.map(|interval| if scattered { scatter(interval, random) } else { interval });
        let gap = some(settings.refresh_on_api_key_failure_interval);
        Self { interval, first, scattered, tick: None, gap, requested: None }
    }

    /// The time between the end of a refresh and the next tick; `None` if there are no ticks.
    #[must_use]
    pub fn interval(&self) -> Option<Duration> {
        self.interval
    }

    /// The time from the start to the first tick.
    #[must_use]
    pub fn first(&self) -> Option<Duration> {
        self.first
    }

    /// Whether the first tick is at a random time.
    #[must_use]
    pub fn scattered(&self) -> bool {
        self.scattered
    }

    /// Whether refreshes may be requested at all.
    #[must_use]
    pub fn takes_requests(&self) -> bool {
        self.gap.is_some()
    }

    /// Takes other settings. Ticks that would be the same stay where they are; new ones start now, where ticks have
    /// `started`. The time of the last requested refresh stays.
    pub fn change(&mut self, settings: &Settings, random: &dyn Random, started: Option<Moment>) {
        let next = Self::new(settings, random);
        let same = next.interval == self.interval;
        let Self { tick, requested, first, scattered, .. } = *self;
        *self = Self { requested, ..next };
        if same {
            (self.tick, self.first, self.scattered) = (tick, first, scattered);
        } else if let Some(now) = started {
            self.start(now);
        }
    }

    /// Starts the ticks.
    pub fn start(&mut self, now: Moment) {
        self.tick = self.first.map(|first| now.after(first));
    }

    /// When the next tick is; `None` before the start, and if there are none.
    #[must_use]
    pub fn next(&self) -> Option<Moment> {
        self.tick
    }

    /// Whether it is time for the periodic refresh.
    #[must_use]
    pub fn is_due(&self, now: Moment) -> bool {
        self.tick.is_some_and(|tick| tick <= now)
    }

    /// The periodic refresh is over.
    pub fn ended(&mut self, now: Moment) {
        self.tick = self.interval.map(|interval| now.after(interval));
    }

    /// Whether a requested refresh may begin; if so it counts as begun, whatever comes of it.
    pub fn admit(&mut self, now: Moment) -> bool {
        let Some(gap) = self.gap else { return false };
        if self.requested.is_some_and(|last| now.since(last) < gap) {
            return false;
        }
        self.requested = Some(now);
        true
    }
}

/// A random time of [0, interval), and 1 s.
fn scatter(interval: Duration, random: &dyn Random) -> Duration {
    let bound = u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX).max(1);
    // A source that breaks its promise breaks no bound.
    let nanoseconds = random.below(bound).min(bound.saturating_sub(1));
    FIRST_AT_LEAST.saturating_add(Duration::from_nanos(nanoseconds))
}
