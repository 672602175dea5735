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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Breaker, BreakerState, FIRST_BACK_OFF, LONGEST_BACK_OFF, OPENS_AFTER, Verdict};
    use crate::clock::Moment;
    use crate::random::Random;

    struct Below(u64);

    impl Random for Below {
        fn below(&self, bound: u64) -> u64 {
            self.0 % bound
        }
    }

    #[test]
    fn it_opens_waits_tries_once_and_closes() {
        let mut breaker = Breaker::default();
        let now = Moment::default();
        for _ in 0..OPENS_AFTER {
            assert_eq!(breaker.decide(now), Verdict::Ask);
            breaker.failed(now, LONGEST_BACK_OFF, &Below(u64::MAX - 1));
        }
        let BreakerState::Open { until } = breaker.state() else { panic!("{breaker:?}") };
        assert_eq!(breaker.decide(now), Verdict::Wait(Some(until)));
        breaker.failed(now, LONGEST_BACK_OFF, &Below(0));
        assert_eq!(breaker.state(), BreakerState::Open { until }, "a straggler changes nothing");
        assert_eq!(breaker.decide(until), Verdict::Ask);
        assert_eq!(breaker.decide(until), Verdict::Wait(None), "one tries");
        breaker.reached();
        assert_eq!(breaker.decide(until), Verdict::Ask);
        breaker.failed(until, LONGEST_BACK_OFF, &Below(0));
        assert_eq!(breaker.state(), BreakerState::Closed, "it counts anew");
    }

    proptest! {
        #[test]
        fn the_wait_is_within_its_bounds(
            failures in 0_u32..80,
            chance: u64,
            longest in 1_u64..1_000,
        ) {
            let longest = Duration::from_secs(longest);
            let mut breaker = Breaker::default();
            let mut now = Moment::default();
            let mut most = FIRST_BACK_OFF;
            for failure in 1..=failures {
                breaker.failed(now, longest, &Below(chance));
                match breaker.state() {
                    BreakerState::Open { until } => {
                        prop_assert!(failure >= OPENS_AFTER);
                        let wait = until.since(now);
                        let bound = most.min(LONGEST_BACK_OFF).min(longest);
                        prop_assert!(wait >= bound / 2 && wait <= bound, "{wait:?} of {bound:?}");
                        most = most.saturating_mul(2);
                        now = until;
                        prop_assert_eq!(breaker.decide(now), Verdict::Ask);
                    }
                    state => prop_assert!(failure < OPENS_AFTER && state == BreakerState::Closed),
                }
            }
        }
    }
}
