//! What metrics count: each fetch and each failed answer, by how it ended.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::store::{Store, Stored};
use portcullis_secrets::{
    AuditFile, Clock as _, Counts, Failure, FailureKind, FetchCounts, Group, Live, ManualClock, OPENS_AFTER,
    Origin, Reason, Settings,
};

/// How a call of the backend ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Answers,
    Panics,
    /// Never: it is given up at the deadline.
    Hangs,
}

struct Row {
    name: &'static str,
    stored: Vec<(&'static str, Stored)>,
    end: End,
    /// What one fetch of everything adds: failed answers by reason.
    errors: &'static [(Reason, u64)],
    /// Each group, and whether its store was reached.
    reached: &'static [(&'static str, bool)],
}

fn value() -> Stored {
    Stored::Value("v".to_owned())
}

fn no(kind: FailureKind) -> Stored {
    Stored::No(Failure::new(kind, "no"))
}

fn rows() -> Vec<Row> {
    use Reason::{BackendError, Empty, InvalidResponse, Missing};
    let row = |name, a: Stored, b: Stored, errors, reached| Row {
        name,
        stored: vec![("g;a", a), ("g;b", b)],
        end: End::Answers,
        errors,
        reached,
    };
    const REACHED: &[(&str, bool)] = &[("g", true)];
    const UNREACHED: &[(&str, bool)] = &[("g", false)];
    let unavailable = || no(FailureKind::Unavailable);
    let mut rows = vec![
        row("values", value(), value(), &[], REACHED),
        row("one is missing", Stored::Silence, value(), &[(Missing, 1)], REACHED),
        row("all are missing", Stored::Silence, Stored::Silence, &[(Missing, 2)], REACHED),
        row("one is empty", Stored::Value(String::new()), value(), &[(Empty, 1)], REACHED),
        row(
            "one is answered twice",
            Stored::Twice("v".to_owned()),
            value(),
            &[(InvalidResponse, 1)],
            REACHED,
        ),
        row(
            "each in its way",
            Stored::Silence,
            no(FailureKind::Other),
            &[(Missing, 1), (BackendError, 1)],
            REACHED,
        ),
        row("one is unavailable: the store answers", unavailable(), value(), &[(BackendError, 1)], REACHED),
        row(
            "unavailable or missing: the store answers",
            unavailable(),
            Stored::Silence,
            &[(Missing, 1), (BackendError, 1)],
            REACHED,
        ),
        row("all are unavailable", unavailable(), unavailable(), &[(BackendError, 2)], UNREACHED),
        Row {
            end: End::Panics,
            ..row("the backend panics", value(), value(), &[(BackendError, 2)], UNREACHED)
        },
        Row {
            end: End::Hangs,
            ..row("the backend hangs", value(), value(), &[(BackendError, 2)], UNREACHED)
        },
        Row {
            name: "each group for itself",
            stored: vec![("down;a", unavailable()), ("up;b", value()), ("c", Stored::Silence)],
            end: End::Answers,
            errors: &[(Missing, 1), (BackendError, 1)],
            reached: &[("default", true), ("down", false), ("up", true)],
        },
    ];
    for kind in [FailureKind::NotFound, FailureKind::Denied, FailureKind::InvalidHandle, FailureKind::Other] {
        rows.push(row("a no is an answer", no(kind), no(kind), &[(BackendError, 2)], REACHED));
    }
    rows
}

/// What the call of a group that ends first takes; each further one takes this much longer.
const STEP: Duration = Duration::from_secs(2);

/// A row on its way, on a clock that stands still but for the time that its calls take.
struct Scene {
    row: Row,
    store: Arc<Store>,
    clock: ManualClock,
    live: Live,
}

impl Scene {
    fn new(row: Row) -> Self {
        let store = Store::new([]);
        for (handle, stored) in &row.stored {
            store.put(handle, stored.clone());
        }
        store.panics(row.end == End::Panics);
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
        let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).build().unwrap();
        Self { row, store, clock, live }
    }

    /// How long a call takes, of the group that ends as this one in turn.
    fn takes(&self, position: usize) -> Duration {
        match self.row.end {
            End::Hangs => Settings::default().backend_timeout + Settings::GRACE,
            End::Answers | End::Panics => STEP * u32::try_from(position + 1).unwrap(),
        }
    }

    /// Lets something run that calls each group once, for the time that this takes. So many calls a group there were then.
    async fn during<T>(&self, begun: impl Future<Output = T> + Send + 'static, times: u64) -> T
    where
        T: Send + 'static,
    {
        let groups = self.row.reached;
        groups.iter().for_each(|(group, _)| self.store.hold(group));
        let begun = tokio::spawn(begun);
        self.store.asked_times(groups.len() * usize::try_from(times).unwrap()).await;
        if self.row.end == End::Hangs {
            self.clock.sleeper(self.clock.now().after(self.takes(0))).await;
            self.clock.advance(self.takes(0));
            return begun.await.unwrap();
        }
        for (group, _) in groups {
            self.clock.advance(STEP);
            self.store.release(group);
            let done = || self.live.counts().fetches.get(&Group::new(*group)).map_or(0, |counts| counts.done);
            while done() < times {
                tokio::task::yield_now().await;
            }
        }
        begun.await.unwrap()
    }

    fn assert(&self, times: u64, refreshes: (u64, u64)) {
        let errors = self.row.errors.iter().map(|(reason, errors)| (*reason, errors * times));
        let groups = self.row.reached.iter().enumerate();
        let groups = groups.map(|(position, (group, reached))| {
            let unreachable = if *reached { 0 } else { times };
            let time = self.takes(position) * u32::try_from(times).unwrap();
            (Group::new(*group), FetchCounts { done: times, unreachable, time })
        });
        let counts = self.live.counts();
        let name = self.row.name;
        assert_eq!(counts.resolve_errors, errors.collect::<BTreeMap<_, _>>(), "{name}, after {times}");
        assert_eq!(counts.fetches, groups.collect::<BTreeMap<_, _>>(), "{name}, after {times}");
        assert_eq!((counts.refreshes_complete, counts.refreshes_incomplete), refreshes, "{name}");
    }
}

#[tokio::test]
async fn each_call_counts_by_how_it_ended() {
    for row in rows() {
        let source: String = row.stored.iter().map(|(handle, _)| format!("- ENC[{handle}]\n")).collect();
        let complete = row.errors.is_empty();
        let scene = Scene::new(row);
        let live = scene.live.clone();
        let resolving = async move { live.resolve(source.as_bytes(), &Origin::new("test")).await.unwrap() };
        let answer = scene.during(resolving, 1).await;
        assert_eq!(answer.failures.is_empty(), complete, "{}", scene.row.name);
        scene.assert(1, (0, 0));
        for refreshes in 1..=2 {
            let live = scene.live.clone();
            let done = scene.during(async move { live.refresh_now().await }, 1 + refreshes).await;
            assert_eq!(done.is_ok(), complete, "{}", scene.row.name);
            scene.assert(1 + refreshes, if complete { (refreshes, 0) } else { (0, refreshes) });
        }
    }
}

/// Counters of one kind: failed answers, calls, refreshes that were complete and that were not.
fn totals(counts: &Counts) -> [u64; 4] {
    let calls = counts.fetches.values().map(|fetches| fetches.done).sum();
    [counts.resolve_errors.values().sum(), calls, counts.refreshes_complete, counts.refreshes_incomplete]
}

#[tokio::test]
async fn what_asks_nobody_counts_nothing() {
    let store = Store::new([("good", "v")]);
    let live = Live::builder(store.clone()).build().unwrap();
    live.refresh_now().await.unwrap();
    assert_eq!(totals(&live.counts()), [0, 0, 0, 0], "nothing is in use");
    for _ in 0..2 {
        live.resolve(b"- ENC[good]\n", &Origin::new("test")).await.unwrap();
        assert_eq!(totals(&live.counts()), [0, 1, 0, 0], "the second time it is known");
    }
    store.fail("down;x", FailureKind::Unavailable, "no route");
    for _ in 0..OPENS_AFTER + 2 {
        let answer = live.resolve(b"- ENC[down;x]\n", &Origin::new("test")).await.unwrap();
        assert_eq!(answer.failures.len(), 1);
    }
    let opens_after = u64::from(OPENS_AFTER);
    assert_eq!(totals(&live.counts()), [opens_after, 1 + opens_after, 0, 0], "then it is left alone");
}

#[tokio::test]
async fn a_refresh_that_could_not_be_recorded_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let audit = AuditFile::new(&folder.path().join("none"), &Settings::default());
    let store = Store::new([("a", "1")]);
    let live = Live::builder(store.clone()).audit(Arc::new(audit)).build().unwrap();
    live.resolve(b"- ENC[a]\n", &Origin::new("test")).await.unwrap();
    live.refresh_now().await.unwrap();
    assert_eq!(totals(&live.counts()), [0, 2, 1, 0], "nothing changed");
    store.set("a", "2");
    live.refresh_now().await.unwrap_err();
    assert_eq!(totals(&live.counts()), [0, 3, 1, 1]);
}
