//! When to leave a failing store alone.

use std::time::Duration;

use crate::clock::Moment;
use crate::random::Random;

/// How many fetches in a row must fail before a group is left alone.
pub const OPENS_AFTER: u32 = 3;

/// How long a group is left alone at first; each further failure doubles it.
pub const FIRST_BACK_OFF: Duration = Duration::from_secs(5);

/// The longest that a group is left alone. With a periodic refresh no longer than its interval either, so that every tick
/// asks.
pub const LONGEST_BACK_OFF: Duration = Duration::from_secs(300);

/// How a group of handles is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BreakerState {
    /// It is asked.
    #[default]
    Closed,
    /// It is left alone until then.
    Open {
        /// When one fetch may try again.
        until: Moment,
    },
    /// One fetch tries whether it works again; the others wait for how that ends.
    HalfOpen,
}

/// The circuit breaker of one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Breaker {
    state: BreakerState,
    failed: u32,
}

/// Whether a group may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Ask,
    /// Not before that moment; `None` while another fetch tries.
    Wait(Option<Moment>),
}

impl Breaker {
    pub(crate) fn state(&self) -> BreakerState {
        self.state
    }

    /// Whether a fetch may go out now. If so, its end must be told.
    pub(crate) fn decide(&mut self, now: Moment) -> Verdict {
        match self.state {
            BreakerState::Closed => Verdict::Ask,
            BreakerState::Open { until } if now < until => Verdict::Wait(Some(until)),
            BreakerState::Open { .. } => {
                self.state = BreakerState::HalfOpen;
                Verdict::Ask
            }
            BreakerState::HalfOpen => Verdict::Wait(None),
        }
    }

    /// A fetch reached the store, whatever the store said.
    pub(crate) fn reached(&mut self) {
        *self = Self::default();
    }

    /// A fetch did not reach the store. `longest` is the upper bound of the wait, before chance takes up to half of it.
    pub(crate) fn failed(&mut self, now: Moment, longest: Duration, random: &dyn Random) {
        if matches!(self.state, BreakerState::Open { until } if now < until) {
            // It went out before the group was left alone: many such at once are one failure, not many.
            return;
        }
        self.failed = self.failed.saturating_add(1);
        let Some(doublings) = self.failed.checked_sub(OPENS_AFTER) else { return };
        let doubled = FIRST_BACK_OFF.saturating_mul(1_u32.checked_shl(doublings.min(31)).unwrap_or(u32::MAX));
        let wait = doubled.min(LONGEST_BACK_OFF).min(longest);
        let half = wait / 2;
        let bound = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX).max(1);
        let jitter = Duration::from_nanos(random.below(bound).min(bound));
        let until = now.after(half.saturating_add(jitter));
        self.state = BreakerState::Open { until };
    }
}
