//! The schedule, whatever its settings, whatever chance says and whenever it is asked.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use portcullis_secrets::{Moment, Random, Schedule, Settings};
use proptest::prelude::*;

/// Chance that breaks its promise as well.
struct Says(u64);

impl Random for Says {
    fn below(&self, _: u64) -> u64 {
        self.0
    }
}

struct Below(u64);

impl Random for Below {
    fn below(&self, bound: u64) -> u64 {
        self.0 % bound
    }
}

proptest! {
    #[test]
    fn the_first_tick_is_within_its_bounds(seconds in 1_u64..1_000_000_000, says: u64, honest: bool) {
        let interval = Duration::from_secs(seconds);
        let settings = Settings { refresh_interval: interval, ..Settings::default() };
        let schedule = if honest {
            Schedule::new(&settings, &Below(says))
        } else {
            Schedule::new(&settings, &Says(says))
        };
        let first = schedule.first().unwrap();
        prop_assert!(first >= Duration::from_secs(1) && first < interval + Duration::from_secs(1), "{first:?}");
        if honest {
            let nanoseconds = u64::try_from(interval.as_nanos()).unwrap();
            prop_assert_eq!(first, Duration::from_secs(1) + Duration::from_nanos(says % nanoseconds));
        }
    }

    #[test]
    fn requests_are_apart_and_ticks_follow_the_end(
        gap in 0_u64..50,
        interval in 0_u64..50,
        waits in prop::collection::vec((0_u64..30, any::<bool>()), 0..60),
    ) {
        let settings = Settings {
            refresh_interval: Duration::from_secs(interval),
            refresh_scatter: false,
            refresh_on_api_key_failure_interval: Duration::from_secs(gap),
            ..Settings::default()
        };
        let mut schedule = Schedule::new(&settings, &Below(0));
        prop_assert_eq!(schedule.takes_requests(), gap > 0);
        let mut now = Moment::default();
        prop_assert!(schedule.next().is_none() && !schedule.is_due(now));
        schedule.start(now);
        let mut ended = now;
        let mut admitted: Option<Moment> = None;
        for (wait, request) in waits {
            now = now.after(Duration::from_secs(wait));
            prop_assert_eq!(schedule.next(), (interval > 0).then(|| ended.after(Duration::from_secs(interval))));
            if request {
                let far = admitted.is_none_or(|last| now.since(last) >= Duration::from_secs(gap));
                prop_assert_eq!(schedule.admit(now), gap > 0 && far);
                if gap > 0 && far {
                    admitted = Some(now);
                }
            } else if schedule.is_due(now) {
                prop_assert!(interval > 0 && now.since(ended) >= Duration::from_secs(interval));
                schedule.ended(now);
                ended = now;
            }
        }
    }
}
