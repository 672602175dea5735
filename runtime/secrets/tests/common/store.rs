//! A backend that answers as its test says, when its test says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use portcullis_secrets::{
    Backend, Change, Failure, FailureKind, Group, Handle, Resolution, ResolutionFuture, Secret,
};
use secrecy::ExposeSecret;
use tokio::sync::watch;

/// What is stored under a handle.
#[derive(Clone, Debug)]
pub(crate) enum Stored {
    Value(String),
    Lease(String, Duration),
    No(Failure),
    /// No answer for this handle.
    Silence,
    /// Two answers for this handle.
    Twice(String),
}

/// The group of a handle is what stands before its first `;`.
#[derive(Default)]
pub(crate) struct Store {
    stored: Mutex<BTreeMap<String, Stored>>,
    asked: Mutex<Vec<Vec<String>>>,
    asks: watch::Sender<usize>,
    held: watch::Sender<BTreeSet<String>>,
    panics: Mutex<bool>,
    most: Mutex<Option<usize>>,
}

impl Store {
    pub(crate) fn new<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Arc<Self> {
        let store = Self::default();
        for (handle, value) in values {
            store.set(handle, value);
        }
        Arc::new(store)
    }

    pub(crate) fn put(&self, handle: &str, stored: Stored) {
        self.stored.lock().unwrap().insert(handle.to_owned(), stored);
    }

    pub(crate) fn set(&self, handle: &str, value: &str) {
        self.put(handle, Stored::Value(value.to_owned()));
    }

    pub(crate) fn fail(&self, handle: &str, kind: FailureKind, message: &str) {
        self.put(handle, Stored::No(Failure::new(kind, message)));
    }

    /// From now on fetches panic, or do not.
    pub(crate) fn panics(&self, panics: bool) {
        *self.panics.lock().unwrap() = panics;
    }

    /// So many handles in a batch.
    pub(crate) fn at_most(&self, most: usize) {
        *self.most.lock().unwrap() = Some(most);
    }

    /// Fetches of a group wait, until it is released.
    pub(crate) fn hold(&self, group: &str) {
        self.held.send_modify(|held| {
            held.insert(group.to_owned());
        });
    }

    pub(crate) fn release(&self, group: &str) {
        self.held.send_modify(|held| {
            held.remove(group);
        });
    }

    /// Every batch so far, each sorted; forgets them.
    pub(crate) fn asked(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// Waits until so many batches came in since the beginning.
    pub(crate) async fn asked_times(&self, times: usize) {
        self.asks.subscribe().wait_for(|asks| *asks >= times).await.unwrap();
    }

    pub(crate) fn times(&self) -> usize {
        *self.asks.borrow()
    }
}

impl Backend for Store {
    fn most_handles(&self, _group: &Group) -> usize {
        self.most.lock().unwrap().unwrap_or(usize::MAX)
    }

    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(async move {
            let mut batch: Vec<String> = handles.iter().map(|handle| handle.as_str().to_owned()).collect();
            batch.sort_unstable();
            self.asked.lock().unwrap().push(batch);
            self.asks.send_modify(|asks| *asks += 1);
            let group = self.group(&handles[0]);
            assert!(handles.iter().all(|handle| self.group(handle) == group), "one group a batch");
            self.held.subscribe().wait_for(|held| !held.contains(group.as_str())).await.unwrap();
            assert!(!*self.panics.lock().unwrap(), "the backend was told to panic");
            let stored = self.stored.lock().unwrap();
            let mut answers = Vec::new();
            for handle in handles {
                let outcome = match stored.get(handle.as_str()) {
                    Some(Stored::Value(value)) => Ok(Secret::new(value.as_str())),
                    Some(Stored::Lease(value, lease)) => {
                        Ok(Secret { expires_in: Some(*lease), ..Secret::new(value.as_str()) })
                    }
                    Some(Stored::No(failure)) => Err(failure.clone()),
                    Some(Stored::Silence) => continue,
                    Some(Stored::Twice(value)) => {
                        let outcome = Ok(Secret::new(value.as_str()));
                        answers.push(Resolution { handle: handle.clone(), outcome });
                        Ok(Secret::new(value.as_str()))
                    }
                    None => Err(Failure::new(FailureKind::NotFound, "no such secret")),
                };
                answers.push(Resolution { handle: handle.clone(), outcome });
            }
            answers.push(Resolution { handle: Handle::new("never asked"), outcome: Ok(Secret::new("x")) });
            answers
        })
    }

    fn group(&self, handle: &Handle) -> Group {
        handle.as_str().split_once(';').map_or_else(Group::default, |(group, _)| Group::new(group))
    }
}

/// Hears changes, and remembers them as `handle @ origin/path: old -> new (Cause)`.
#[derive(Clone, Default)]
pub(crate) struct Ear(Arc<Mutex<Vec<String>>>);

impl Ear {
    pub(crate) fn listener(&self) -> impl Fn(&Change) + Send + Sync + 'static {
        let heard = self.0.clone();
        move |change| {
            let old = change.old().map_or("none", ExposeSecret::expose_secret);
            let new = change.value().expose_secret();
            heard.lock().unwrap().push(format!(
                "{} @ {}/{}: {old} -> {new} ({:?})",
                change.handle(),
                change.origin(),
                change.path(),
                change.cause()
            ));
        }
    }

    /// What was heard since the last time, sorted.
    pub(crate) fn heard(&self) -> Vec<String> {
        let mut heard = std::mem::take(&mut *self.0.lock().unwrap());
        heard.sort_unstable();
        heard
    }
}
