//! When a value is asked for again because its time runs out.

use std::time::Duration;

use crate::clock::Moment;

/// The least time between two renewals of a handle: a store that gives out values for a second is not asked each second.
const AT_LEAST: Duration = Duration::from_secs(5);

/// How long after a renewal that failed the next one comes, unless the store says a later time.
pub(crate) const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// When to renew a value that is good for `expires_in` from now: when four fifths of that are over, and not before 5 s.
pub(crate) fn due(now: Moment, expires_in: Duration) -> Moment {
    now.after((expires_in / 5).saturating_mul(4).max(AT_LEAST))
}
