//! Random sequences of everything that changes the state, beside a naive model of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::store::{Ear, Store, Stored};
use portcullis_secrets::{Answer, Handle, Live, Origin, ResolvedPlace};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

const HANDLES: [&str; 5] = ["a", "b", "g;c", "g;d", "h;e"];
const ORIGINS: [&str; 3] = ["datadog.yaml", "check1", "check2"];
/// Of these, a refresh of `datadog.yaml` is for `api_key` only.
const KEYS: [&str; 3] = ["api_key", "password", "url"];

#[derive(Clone, Debug)]
enum Step {
    /// What is stored; 0 = nothing.
    Store(usize, u8),
    Resolve {
        origin: usize,
        uses: Vec<(usize, usize)>,
        notify: bool,
        whole: bool,
    },
    Refresh,
    Remove(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let handle = 0..HANDLES.len();
    let uses = prop::collection::vec((0..KEYS.len(), handle.clone()), 0..5);
    prop_oneof![
        3 => (handle, 0_u8..4).prop_map(|(handle, value)| Step::Store(handle, value)),
        4 => (0..ORIGINS.len(), uses, any::<bool>(), any::<bool>())
            .prop_map(|(origin, uses, notify, whole)| Step::Resolve { origin, uses, notify, whole }),
        2 => Just(Step::Refresh),
        1 => (0..ORIGINS.len()).prop_map(Step::Remove),
    ]
}

/// The model: places as a set of triples, and everything found by looking through it.
#[derive(Default)]
struct Model {
    stored: BTreeMap<&'static str, u8>,
    places: BTreeSet<(&'static str, &'static str, String)>,
    cache: BTreeMap<&'static str, String>,
    failing: BTreeSet<&'static str>,
    stale: BTreeSet<&'static str>,
    notify: BTreeMap<&'static str, bool>,
}

impl Model {
    fn fetch(&self, handle: &str) -> Option<String> {
        self.stored.get(handle).filter(|value| **value > 0).map(|value| format!("v{value}"))
    }

    fn may_change(&self, handle: &str) -> Vec<(&'static str, String)> {
        let of_handle = self.places.iter().filter(|(used, ..)| *used == handle);
        of_handle
            .filter(|(_, origin, path)| *origin != "datadog.yaml" || path.ends_with("api_key"))
            .map(|(_, origin, path)| (*origin, path.clone()))
            .collect()
    }

    /// What an earlier text used goes, when this one is all of the configuration.
    fn forget(&mut self, origin: &'static str, uses: &[(usize, usize)]) {
        if uses.is_empty() {
            return self.remove(origin);
        }
        let used: BTreeSet<_> = (uses.iter().enumerate())
            .map(|(position, (key, handle))| (HANDLES[*handle], format!("{position}/{}", KEYS[*key])))
            .collect();
        self.places
            .retain(|(handle, used_by, path)| *used_by != origin || used.contains(&(handle, path.clone())));
        let places = &self.places;
        let stays = |handle: &str| {
            places.iter().any(|(used, ..)| *used == handle) || used.iter().any(|(used, _)| *used == handle)
        };
        self.failing.retain(|handle| stays(handle));
    }

    fn resolve(
        &mut self,
        origin: &'static str,
        uses: &[(usize, usize)],
        notify: bool,
    ) -> (String, Vec<String>) {
        let mut text = String::new();
        let mut told = BTreeSet::new();
        if !uses.is_empty() {
            self.notify.insert(origin, notify);
        }
        let cached = self.cache.clone();
        for (position, (key, handle)) in uses.iter().enumerate() {
            self.places.insert((HANDLES[*handle], origin, format!("{position}/{}", KEYS[*key])));
        }
        for handle in uses.iter().map(|(_, handle)| HANDLES[*handle]).collect::<BTreeSet<_>>() {
            if cached.contains_key(handle) {
                continue;
            }
            let Some(value) = self.fetch(handle) else {
                self.failing.insert(handle);
                continue;
            };
            self.failing.remove(handle);
            for (_, other, path) in self.places.iter().filter(|(used, ..)| *used == handle) {
                if *other != origin || notify {
                    told.insert(format!("{handle} @ {other}/{path}: none -> {value} (Resolved)"));
                }
            }
            self.cache.insert(handle, value);
        }
        for (position, (key, handle)) in uses.iter().enumerate() {
            let (key, handle) = (KEYS[*key], HANDLES[*handle]);
            match self.cache.get(handle) {
                Some(value) => text.push_str(&format!("- {key}: \"{value}\"\n")),
                None => text.push_str(&format!("- {key}: ENC[{handle}]\n")),
            }
            if let (true, Some(value)) = (notify, cached.get(handle)) {
                told.insert(format!("{handle} @ {origin}/{position}/{key}: none -> {value} (Cached)"));
            }
        }
        (text, told.into_iter().collect())
    }

    fn refresh(&mut self) -> (BTreeSet<String>, Vec<String>) {
        let mut reloaded = BTreeSet::new();
        let mut told = Vec::new();
        for handle in HANDLES {
            let places = self.may_change(handle);
            if places.is_empty() {
                continue;
            }
            let old = self.cache.get(handle).cloned();
            let Some(new) = self.fetch(handle) else {
                self.failing.insert(handle);
                if old.is_some() {
                    self.stale.insert(handle);
                }
                continue;
            };
            self.failing.remove(handle);
            self.stale.remove(handle);
            if old.as_ref() != Some(&new) {
                reloaded.insert(handle.to_owned());
                let old = old.unwrap_or("none".to_owned());
                told.extend(
                    places.iter().map(|(origin, path)| {
                        format!("{handle} @ {origin}/{path}: {old} -> {new} (Refreshed)")
                    }),
                );
            }
            self.cache.insert(handle, new);
        }
        told.sort_unstable();
        (reloaded, told)
    }

    fn remove(&mut self, origin: &str) {
        self.places.retain(|(_, used_by, _)| *used_by != origin);
        self.notify.remove(origin);
        let places = &self.places;
        self.failing.retain(|handle| places.iter().any(|(used, ..)| used == handle));
    }
}

/// The places that have a value.
fn resolved(answer: &Answer) -> Vec<String> {
    let shown = |place: &ResolvedPlace| {
        format!("{} @ {} = {}", place.handle(), place.path(), place.value().expose_secret())
    };
    answer.resolved.iter().map(shown).collect()
}

async fn run(steps: Vec<Step>) {
    let store = Store::new([]);
    let live = Live::builder(store.clone()).build().unwrap();
    let ear = Ear::default();
    live.subscribe(ear.listener()).keep();
    let mut model = Model::default();
    for step in steps {
        match &step {
            Step::Store(handle, value) => {
                model.stored.insert(HANDLES[*handle], *value);
                match value {
                    0 => store.put(HANDLES[*handle], Stored::Silence),
                    _ => store.set(HANDLES[*handle], &format!("v{value}")),
                }
            }
            Step::Resolve { origin, uses, notify, whole } => {
                let name = ORIGINS[*origin];
                let source: String = uses
                    .iter()
                    .map(|(key, handle)| format!("- {}: ENC[{}]\n", KEYS[*key], HANDLES[*handle]))
                    .collect();
                let origin = Origin { notify: *notify, whole: *whole, ..Origin::new(name) };
                if *whole {
                    model.forget(name, uses);
                }
                let answer = live.resolve(source.as_bytes(), &origin).await.unwrap();
                let (text, told) = model.resolve(name, uses, *notify);
                assert_eq!(std::str::from_utf8(&answer.text).unwrap(), text, "{step:?}");
                let uses = uses.iter().enumerate().filter_map(|(position, (key, handle))| {
                    let (key, handle) = (KEYS[*key], HANDLES[*handle]);
                    Some(format!("{handle} @ {position}/{key} = {}", model.cache.get(handle)?))
                });
                assert_eq!(resolved(&answer), uses.collect::<Vec<_>>(), "{step:?}");
                assert_eq!(ear.heard(), told, "{step:?}");
            }
            Step::Refresh => {
                let report = live.refresh_now().await.unwrap_or_else(|error| error.report);
                let (reloaded, told) = model.refresh();
                let names: BTreeSet<String> =
                    report.reloaded.iter().map(|reloaded| reloaded.handle.to_string()).collect();
                assert_eq!(names, reloaded);
                assert_eq!(ear.heard(), told);
            }
            Step::Remove(origin) => {
                live.remove_origin(ORIGINS[*origin]);
                model.remove(ORIGINS[*origin]);
            }
        }
        let snapshot = live.snapshot();
        let places: BTreeSet<(String, String, String)> = snapshot
            .handles
            .iter()
            .flat_map(|(handle, places)| {
                places.iter().map(|(origin, path)| (handle.to_string(), origin.to_string(), path.to_string()))
            })
            .collect();
        let modelled = model.places.iter();
        let modelled: BTreeSet<_> = modelled
            .map(|(handle, origin, path)| ((*handle).to_owned(), (*origin).to_owned(), path.clone()))
            .collect();
        assert_eq!(places, modelled, "{step:?}");
        let failing: BTreeSet<&str> =
            snapshot.failures.iter().map(|failure| failure.handle.as_str()).collect();
        assert_eq!(failing, model.failing, "{step:?}");
        let stale: BTreeSet<&str> = model
            .stale
            .iter()
            .copied()
            .filter(|handle| model.places.iter().any(|(used, ..)| used == handle))
            .collect();
        assert_eq!(snapshot.stale.keys().map(Handle::as_str).collect::<BTreeSet<_>>(), stale);
        let counts = snapshot.counts;
        assert_eq!(
            (counts.places, counts.cached, counts.stale),
            (places.len(), model.cache.len(), stale.len())
        );
        assert_eq!(
            (counts.handles, counts.failing, counts.in_flight),
            (snapshot.handles.len(), failing.len(), 0)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_state_is_what_a_naive_model_says(steps in prop::collection::vec(step(), 0..40)) {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(run(steps));
    }
}
