//! A clock that stands still until it is moved.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::{Clock, Moment, Sleep};

/// A clock for tests, of this crate and of its hosts: time goes by when [`advance`](Self::advance) says so.
///
/// Clones are the same clock. A test that wants to move time past a wait first makes sure, by
/// [`sleeper`](Self::sleeper), that somebody waits.
#[derive(Debug, Clone)]
pub struct ManualClock {
    origin: SystemTime,
    now: Arc<watch::Sender<Moment>>,
    sleepers: Arc<watch::Sender<BTreeMap<Moment, usize>>>,
}

impl ManualClock {
    /// A clock whose wall shows `origin`.
    #[must_use]
    pub fn new(origin: SystemTime) -> Self {
        Self { origin, now: Arc::default(), sleepers: Arc::default() }
    }

    /// Lets time go by, and wakes whoever waited for it.
    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now = now.after(by));
    }

    /// Waits until somebody sleeps until exactly this moment.
    pub async fn sleeper(&self, until: Moment) {
        // The sender lives as long as this clock, so the wait ends only by what it waits for.
        let _ = self.sleepers.subscribe().wait_for(|sleepers| sleepers.contains_key(&until)).await;
    }
}

impl Clock for ManualClock {
    fn wall(&self) -> SystemTime {
        self.origin.checked_add(self.now().elapsed()).unwrap_or(self.origin)
    }

    fn now(&self) -> Moment {
        *self.now.borrow()
    }

    fn sleep_until(&self, moment: Moment) -> Sleep<'_> {
        Box::pin(async move {
            let _asleep = Asleep::new(&self.sleepers, moment);
            let _ = self.now.subscribe().wait_for(|now| *now >= moment).await;
        })
    }
}

/// One entry in the list of sleepers, for as long as it lives.
struct Asleep<'a> {
    sleepers: &'a watch::Sender<BTreeMap<Moment, usize>>,
    until: Moment,
}

impl<'a> Asleep<'a> {
    fn new(sleepers: &'a watch::Sender<BTreeMap<Moment, usize>>, until: Moment) -> Self {
        sleepers.send_modify(|all| {
            let count = all.entry(until).or_default();
            *count = count.saturating_add(1);
        });
        Self { sleepers, until }
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.sleepers.send_modify(|all| {
            if let Some(count) = all.get_mut(&self.until) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    all.remove(&self.until);
                }
            }
        });
    }
}
