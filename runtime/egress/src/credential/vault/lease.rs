//! A token and its time.

use std::time::{Duration, SystemTime};

use portcullis_policy::AuthorizedDestination;
use secrecy::{ExposeSecret as _, SecretString};

use super::answer::Granted;

/// Longest time before its end at which a token is renewed.
const MARGIN: Duration = Duration::from_secs(300);

/// A token of the store.
#[derive(Clone)]
pub(super) struct Lease {
    pub(super) token: SecretString,
    /// What it was got with: that must not come back to a guest either.
    pub(super) others: Vec<SecretString>,
    /// Whose it is.
    pub(super) destination: AuthorizedDestination,
    /// Nothing where it ends only when the store says so.
    life: Option<Life>,
}

#[derive(Clone, Copy)]
struct Life {
    since: SystemTime,
    lasts: Duration,
    /// How long it lasted when it was new.
    full: Duration,
    renewable: bool,
}

impl Lease {
    /// One that the store has just given.
    pub(super) fn new(
        granted: Granted,
        others: Vec<SecretString>,
        destination: &AuthorizedDestination,
        now: SystemTime,
    ) -> Self {
        let life =
            Life { since: now, lasts: granted.lasts, full: granted.lasts, renewable: granted.renewable };
        let life = (!granted.lasts.is_zero()).then_some(life);
        Self { token: granted.token, others, destination: destination.clone(), life }
    }

    /// One whose end nobody here knows.
    pub(super) fn endless(token: SecretString, destination: &AuthorizedDestination) -> Self {
        Self { token, others: Vec::new(), destination: destination.clone(), life: None }
    }

    /// The same token with a new time.
    pub(super) fn renewed(&self, granted: &Granted, now: SystemTime) -> Self {
        let full = self.life.map_or(granted.lasts, |life| life.full);
        // Near the longest time that the store gives, each renewal is for less: a login gives more.
        let renewable = granted.renewable && granted.lasts >= full / 2;
        let life = Life { since: now, lasts: granted.lasts, full, renewable };
        Self { life: (!granted.lasts.is_zero()).then_some(life), ..self.clone() }
    }

    /// Without an end, as nothing can be done about it.
    pub(super) fn unless_renewable_endless(self) -> Self {
        let life = self.life.filter(|life| life.renewable);
        Self { life, ..self }
    }

    /// Whether it is time for another.
    pub(super) fn is_due(&self, now: SystemTime) -> bool {
        self.life.is_some_and(|life| life.left(now) <= MARGIN.min(life.lasts / 5))
    }

    /// Whether it still counts.
    pub(super) fn is_alive(&self, now: SystemTime) -> bool {
        self.life.is_none_or(|life| !life.left(now).is_zero())
    }

    /// Whether the store may make it last longer.
    pub(super) fn is_renewable(&self) -> bool {
        self.life.is_some_and(|life| life.renewable)
    }

    /// Whether it is this token.
    pub(super) fn is(&self, token: &SecretString) -> bool {
        self.token.expose_secret() == token.expose_secret()
    }
}

impl Life {
    fn left(&self, now: SystemTime) -> Duration {
        // A clock that was set back ends nothing: the store will say it.
        self.lasts.saturating_sub(now.duration_since(self.since).unwrap_or_default())
    }
}
