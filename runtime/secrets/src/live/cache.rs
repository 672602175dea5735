//! The last good value of each handle.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::BuildHasher as _;
use std::time::SystemTime;

use secrecy::ExposeSecret as _;

use crate::backend::Secret;
use crate::clock::Moment;
use crate::handle::Handle;
use crate::refresh::renewal;

use super::change::Value;

/// How many values are kept of handles that nobody uses: a configuration that is rebuilt is removed and comes back.
const ORPHANS: usize = 1024;

/// Values by handle.
#[derive(Default)]
pub(super) struct Cache {
    entries: HashMap<Handle, Entry>,
    renewals: BTreeSet<(Moment, Handle)>,
    /// Since when values could not be fetched again.
    stale: HashMap<Handle, SystemTime>,
    /// Handles that were used by nobody at some time, oldest first.
    orphans: VecDeque<Handle>,
    /// Of its own for each process, so that hashes tell nothing to anybody else.
    hasher: RandomState,
}

struct Entry {
    value: Value,
    /// The hash of the value before.
    previous: Option<u64>,
    renewal: Option<Moment>,
}

/// What became of a value that was put into the cache.
pub(super) enum Put {
    Same,
    Changed { old: Option<Value> },
}

impl Cache {
    pub(super) fn get(&self, handle: &Handle) -> Option<&Value> {
        self.entries.get(handle).map(|entry| &entry.value)
    }

    /// Whether a text is a value that is kept, or was one until its last change.
    pub(super) fn knows(&self, text: &str) -> bool {
        let hash = self.hasher.hash_one(text);
        self.entries.values().any(|entry| entry.previous == Some(hash) || entry.value.expose_secret() == text)
    }

    /// Keeps a fresh value: it is not stale, and its time begins.
    pub(super) fn put(&mut self, handle: &Handle, secret: Secret, now: Moment) -> (Value, Put) {
        self.stale.remove(handle);
        self.forget_renewal(handle);
        let renewal = secret.expires_in.map(|expires_in| renewal::due(now, expires_in));
        if let Some(due) = renewal {
            self.renewals.insert((due, handle.clone()));
        }
        if let Some(entry) = self.entries.get_mut(handle) {
            entry.renewal = renewal;
            if entry.value.expose_secret() == secret.value.expose_secret() {
                return (entry.value.clone(), Put::Same);
            }
            let value = Value::new(secret.value);
            let old = std::mem::replace(&mut entry.value, value.clone());
            entry.previous = Some(self.hasher.hash_one(old.expose_secret()));
            return (value, Put::Changed { old: Some(old) });
        }
        let value = Value::new(secret.value);
        self.entries.insert(handle.clone(), Entry { value: value.clone(), previous: None, renewal });
        (value, Put::Changed { old: None })
    }

    /// The value could not be fetched again: it stays, marked with the time of the first such failure.
    pub(super) fn mark_stale(&mut self, handle: &Handle, wall: SystemTime, again: Moment) {
        if self.entries.contains_key(handle) {
            self.stale.entry(handle.clone()).or_insert(wall);
        }
        self.postpone_renewal(handle, again);
    }

    /// A value whose time ends is to be renewed at another moment.
    pub(super) fn postpone_renewal(&mut self, handle: &Handle, again: Moment) {
        let Some(due) = self.entries.get_mut(handle).and_then(|entry| entry.renewal.as_mut()) else { return };
        self.renewals.remove(&(*due, handle.clone()));
        *due = again;
        self.renewals.insert((again, handle.clone()));
    }

    /// When the next value is to be renewed.
    pub(super) fn next_renewal(&self) -> Option<Moment> {
        self.renewals.first().map(|(due, _)| *due)
    }

    /// Takes the handles whose values are to be renewed by now. Each comes back with its next fetch.
    pub(super) fn take_due(&mut self, now: Moment) -> Vec<Handle> {
        let mut due = Vec::new();
        while self.renewals.first().is_some_and(|(moment, _)| *moment <= now) {
            due.extend(self.renewals.pop_first().map(|(_, handle)| handle));
        }
        due
    }

    /// Nobody uses these handles now. Of such values only the newest are kept; `used` says which are in use after all.
    pub(super) fn orphan(&mut self, handles: Vec<Handle>, used: impl Fn(&Handle) -> bool) {
        self.orphans.extend(handles);
        while self.orphans.len() > ORPHANS {
            let Some(handle) = self.orphans.pop_front() else { break };
            if !used(&handle) {
                self.forget_renewal(&handle);
                self.entries.remove(&handle);
                self.stale.remove(&handle);
            }
        }
    }

    fn forget_renewal(&mut self, handle: &Handle) {
        if let Some(due) = self.entries.get_mut(handle).and_then(|entry| entry.renewal.take()) {
            self.renewals.remove(&(due, handle.clone()));
        }
    }

    /// The handles whose value is stale, used or not, and since when; in no order.
    pub(super) fn stale(&self) -> impl Iterator<Item = (&Handle, SystemTime)> {
        self.stale.iter().map(|(handle, since)| (handle, *since))
    }

    pub(super) fn count(&self) -> usize {
        self.entries.len()
    }
}
