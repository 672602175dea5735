//! When a request is sent again. Pure: an outcome and a random number in, a wait out.

use std::time::Duration;

use super::Request;
use super::fault::Fault;
use super::response::Response;

/// First wait before a second attempt; it doubles with each.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(100);
/// No wait of our own is longer.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What of a client decides about attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// Most requests at once; at least 1.
    pub(super) parallel: usize,
    /// Most attempts of one request; at least 1.
    pub(super) attempts: u32,
    /// Most bytes of a body.
    pub(super) body: usize,
    /// On the monotonic clock: nothing is begun or waited for after it.
    pub(super) until: Duration,
}

/// What one attempt came to.
pub(super) type Outcome = Result<Response, Fault>;

impl Rules {
    /// How long to wait before the next attempt, or `None` when the outcome stands: it will not change, there were enough
    /// attempts, or the wait would not end before the deadline.
    ///
    /// `attempt` is the number of the one that came to `outcome`, from 1 on. `random` is any number.
    pub(super) fn wait(
        &self,
        request: &Request,
        attempt: u32,
        outcome: &Outcome,
        now: Duration,
        random: u64,
    ) -> Option<Duration> {
        let asked = match outcome {
            Ok(response) if passes(response.status, request.is_repeatable()) => response.retry_after(),
            Err(fault) if fault.passes() && request.is_repeatable() => None,
            _ => return None,
        };
        if attempt >= self.attempts {
            return None;
        }
        let asked = asked.map_or(Duration::ZERO, |seconds| Duration::from_secs(u64::from(seconds)));
        let wait = backoff(attempt, random).max(asked);
        (now.checked_add(wait)? < self.until).then_some(wait)
    }
}

/// Whether a status may be another one soon. By 429 and 503 a server says that it did nothing; after another failure the
/// request may have had its effect.
const fn passes(status: u16, repeatable: bool) -> bool {
    match status {
        429 | 503 => true,
        // Not implemented, and not this version of HTTP: that stays.
        501 | 505 => false,
        500..=599 => repeatable,
        _ => false,
    }
}

/// Half of the wait is certain and half is chance, so that clients that failed together do not come back together.
pub(super) fn backoff(attempt: u32, random: u64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let whole = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    let half = whole / 2;
    let steps = u64::try_from(half.as_micros()).unwrap_or(u64::MAX).max(1);
    half.saturating_add(Duration::from_micros(random % steps))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{FIRST_WAIT, Fault, LONGEST_WAIT, Outcome, Request, Response, Rules, backoff};

    fn rules(attempts: u32, until: u64) -> Rules {
        Rules { parallel: 1, attempts, body: 0, until: Duration::from_millis(until) }
    }

    fn status(status: u16, retry_after: Option<&str>) -> Outcome {
        let headers = retry_after.map(|value| ("retry-after".to_owned(), value.as_bytes().to_vec()));
        Ok(Response {
            request: String::new(),
            attempts: 1,
            status,
            headers: headers.into_iter().collect(),
            body: Vec::new(),
        })
    }

    #[test]
    fn what_passes_is_tried_again() {
        let broke = || Err(Fault::Connection("the connection broke"));
        // Outcome, whether a GET is sent again, whether a POST is.
        let rows = [
            (status(200, None), false, false),
            (status(302, None), false, false),
            (status(404, None), false, false),
            (status(408, None), false, false),
            (status(429, None), true, true),
            (status(500, None), true, false),
            (status(501, None), false, false),
            (status(502, None), true, false),
            (status(503, None), true, true),
            (status(505, None), false, false),
            (status(599, None), true, false),
            (broke(), true, false),
            (Err(Fault::Denied), false, false),
            (Err(Fault::Limit), false, false),
            (Err(Fault::Certificate), false, false),
            (Err(Fault::TooLarge(None)), false, false),
            (Err(Fault::Broken("")), false, false),
            (Err(Fault::Refused("")), false, false),
        ];
        for (outcome, get, post) in rows {
            let (reads, writes) = (Request::get("https://h/"), Request::post("https://h/", ""));
            for (request, expected) in [(&reads, get), (&writes, post), (&writes.clone().repeatable(), get)] {
                let wait = rules(3, 60_000).wait(request, 1, &outcome, Duration::ZERO, 0);
                assert_eq!(wait.is_some(), expected, "{request}: {outcome:?}");
            }
        }
    }

    #[test]
    fn the_server_says_how_long_and_the_deadline_is_before_it() {
        // Retry-After, until, the wait in milliseconds.
        let rows = [
            (None, 60_000, Some(50)),
            (Some("0"), 60_000, Some(50)),
            (Some("2"), 60_000, Some(2_000)),
            (Some("2"), 2_001, Some(2_000)),
            (Some("2"), 2_000, None),
            (Some("4294967296"), 60_000, None),
            (Some("Wed, 21 Oct 2026 07:28:00 GMT"), 60_000, Some(50)),
            (None, 50, None),
        ];
        for (asked, until, expected) in rows {
            let request = Request::get("https://h/");
            let wait = rules(3, until).wait(&request, 1, &status(429, asked), Duration::ZERO, 0);
            assert_eq!(wait.map(|wait| wait.as_millis()), expected, "{asked:?} until {until}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_bounded_and_grows(attempt in 1_u32..100, random in any::<u64>()) {
            let wait = backoff(attempt, random);
            prop_assert!(wait >= FIRST_WAIT / 2 && wait <= LONGEST_WAIT, "{wait:?}");
            // The least of the next is never below the least of this one.
            prop_assert!(backoff(attempt + 1, 0) >= backoff(attempt, 0));
        }

        #[test]
        fn nothing_is_tried_too_often_or_too_late(
            attempts in 1_u32..6, attempt in 1_u32..10, now in 0_u64..20_000, until in 0_u64..20_000,
            asked in proptest::option::of("[0-9]{1,12}"), random in any::<u64>(), code in 100_u16..600,
        ) {
            let rules = rules(attempts, until);
            let (request, now) = (Request::get("https://h/"), Duration::from_millis(now));
            if let Some(wait) = rules.wait(&request, attempt, &status(code, asked.as_deref()), now, random) {
                prop_assert!(attempt < attempts);
                prop_assert!(now + wait < rules.until);
                let least = asked.and_then(|text| text.parse().ok()).unwrap_or(0);
                prop_assert!(wait >= Duration::from_secs(least));
            }
        }
    }
}
