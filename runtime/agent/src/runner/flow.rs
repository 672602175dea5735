//! How many events a runner may report: one that was taken over must not fill the disk through the audit file.

use std::time::Duration;

use tokio::time::Instant;

/// Events of one second. A call reports its denials once each and its log up to `limits.log_lines`, which is 200.
const MOST: u32 = 10_000;

const SECOND: Duration = Duration::from_secs(1);

/// The events of the second that runs.
#[derive(Debug)]
pub(super) struct Flow {
    since: Instant,
    taken: u32,
    dropped: u64,
}

impl Flow {
    pub(super) const fn new(now: Instant) -> Self {
        Self { since: now, taken: 0, dropped: 0 }
    }

    /// Whether one more is taken; and how many were not, where a second with some is over.
    pub(super) fn take(&mut self, now: Instant) -> (bool, Option<u64>) {
        let mut lost = None;
        if now.saturating_duration_since(self.since) >= SECOND {
            lost = Some(self.dropped).filter(|dropped| *dropped > 0);
            *self = Self::new(now);
        }
        let takes = self.taken < MOST;
        if takes {
            self.taken = self.taken.saturating_add(1);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        (takes, lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_the_most_of_a_second_is_dropped_and_told() {
        let start = Instant::now();
        let mut flow = Flow::new(start);
        let taken = (0..MOST + 7).filter(|_| flow.take(start).0).count();
        assert_eq!(taken, usize::try_from(MOST).unwrap());
        assert_eq!(flow.take(start + SECOND), (true, Some(7)));
        assert_eq!(flow.take(start + SECOND), (true, None));
        assert_eq!(flow.take(start + SECOND * 3), (true, None));
    }
}
