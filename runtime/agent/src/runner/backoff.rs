//! When a runner that ended is started again.

use std::time::Duration;

use tokio::time::Instant;

/// Longest wait.
const LONGEST: Duration = Duration::from_secs(60);

/// The first end costs nothing: the next batch starts another runner. Each further one without a good answer in between
/// doubles the wait, from a second to a minute.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    ends: u32,
    until: Option<Instant>,
}

impl Backoff {
    /// A runner ended that had answered, or had not.
    pub(super) fn ended(&mut self, had_answered: bool, now: Instant) {
        self.ends = if had_answered { 1 } else { self.ends.saturating_add(1) };
        self.until = self.ends.checked_sub(2).map(|doublings| {
            let wait = Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(doublings));
            now + wait.min(LONGEST)
        });
    }

    /// How long it is to wait yet; nothing where it is not.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_until_there_is_an_answer() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        assert_eq!(backoff.left(now), None);
        for (end, had_answered, seconds) in [
            (1, false, 0),
            (2, false, 1),
            (3, false, 2),
            (4, false, 4),
            (5, true, 0),
            (6, true, 0),
            (7, false, 1),
            (8, false, 2),
            (9, false, 4),
            (10, false, 8),
            (11, false, 16),
            (12, false, 32),
            (13, false, 60),
            (14, false, 60),
        ] {
            backoff.ended(had_answered, now);
            let left = (seconds > 0).then_some(Duration::from_secs(seconds));
            assert_eq!(backoff.left(now), left, "end {end}");
            assert_eq!(backoff.left(now + Duration::from_secs(60)), None, "end {end}");
        }
        backoff.ends = u32::MAX;
        backoff.ended(false, now);
        assert_eq!(backoff.left(now), Some(LONGEST));
    }
}
