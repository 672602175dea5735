//! Other settings, and another text of the same configuration, while values are kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::store::Store;
use portcullis_secrets::{
    Clock as _, FailureKind, Live, ManualClock, Moment, Origin, Random, Schedule, ScopeSettings, Settings,
    Snapshot,
};

/// Chance that says the least.
struct Least;

impl Random for Least {
    fn below(&self, _: u64) -> u64 {
        0
    }
}

fn at(seconds: u64) -> Moment {
    Moment::since_start(Duration::from_secs(seconds))
}

/// Not scattered; on request no more often than `gap`.
fn every(seconds: u64, gap: u64) -> Settings {
    Settings {
        refresh_interval: Duration::from_secs(seconds),
        refresh_scatter: false,
        refresh_on_api_key_failure_interval: Duration::from_secs(gap),
        ..Settings::default()
    }
}

/// Settings before, when ticks began, settings after, when they changed, and the next tick.
type Row = (&'static str, Settings, Option<u64>, Settings, u64, Option<u64>);

#[test]
fn ticks_that_stay_are_not_moved_and_others_begin_at_the_change() {
    let scattered = Settings { refresh_scatter: true, ..every(10, 0) };
    let rows: &[Row] = &[
        ("the same", every(10, 0), Some(0), every(10, 0), 7, Some(10)),
        ("a shorter one", every(10, 0), Some(0), every(4, 0), 7, Some(11)),
        ("a longer one", every(10, 0), Some(0), every(60, 0), 7, Some(67)),
        ("scattered", every(20, 0), Some(0), scattered, 7, Some(8)),
        ("on", every(0, 0), Some(0), every(10, 0), 7, Some(17)),
        ("off", every(10, 0), Some(0), every(0, 0), 7, None),
        ("another gap only", every(10, 0), Some(0), every(10, 5), 7, Some(10)),
        ("not begun yet", every(10, 0), None, every(3, 0), 7, None),
    ];
    for (what, before, started, after, changed, next) in rows {
        let mut schedule = Schedule::new(before, &Least);
        if let Some(started) = started {
            schedule.start(at(*started));
        }
        schedule.change(after, &Least, started.map(|_| at(*changed)));
        assert_eq!(schedule.next(), next.map(at), "{what}");
        assert_eq!(schedule.interval(), Schedule::new(after, &Least).interval(), "{what}");
    }
}

#[test]
fn a_change_does_not_let_requests_come_sooner() {
    let mut schedule = Schedule::new(&every(0, 60), &Least);
    assert!(schedule.admit(at(100)));
    schedule.change(&every(5, 60), &Least, Some(at(101)));
    assert!(!schedule.admit(at(102)));
    schedule.change(&every(5, 30), &Least, Some(at(103)));
    assert!(!schedule.admit(at(129)) && schedule.admit(at(130)));
}

#[tokio::test]
async fn an_interval_that_is_set_later_counts_from_then() {
    let store = Store::new([("a", "1")]);
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).build().unwrap();
    live.resolve(b"- ENC[a]\n", &Origin::new("test")).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let live = live.clone();
        async move { live.run(async { drop(stopped.await) }).await.unwrap() }
    });
    clock.advance(Duration::from_secs(50));
    while live.run(std::future::ready(())).await.is_ok() {
        tokio::task::yield_now().await;
    }
    live.reconfigure(every(10, 0));
    for (tick, times) in [(60, 2), (70, 3)] {
        clock.sleeper(at(tick)).await;
        clock.advance(at(tick).since(clock.now()));
        store.asked_times(times).await;
    }
    assert_eq!(live.snapshot().refresh.interval, Some(Duration::from_secs(10)));
    stop.send(()).unwrap();
    running.await.unwrap();
}

fn listed(snapshot: &Snapshot) -> Vec<String> {
    let uses = |(handle, places): (&_, &Vec<_>)| format!("{handle}: {}", places.len());
    snapshot.handles.iter().map(uses).collect()
}

#[tokio::test]
async fn what_settings_refuse_later_is_taken_away_when_it_is_resolved_again() {
    let store = Store::new([("k8s_secret@a/s/k", "1"), ("k8s_secret@b/s/k", "2")]);
    let live = Live::builder(store.clone()).build().unwrap();
    let origin = Origin { namespace: Some("a".into()), ..Origin::new("pod") };
    let source = b"- ENC[k8s_secret@a/s/k]\n- ENC[k8s_secret@b/s/k]\n";
    let text = |answer: portcullis_secrets::Answer| String::from_utf8(answer.text.to_vec()).unwrap();
    assert_eq!(text(live.resolve(source, &origin).await.unwrap()), "- \"1\"\n- \"2\"\n");

    let scope = ScopeSettings { to_own_namespace: true, ..ScopeSettings::default() };
    live.reconfigure(Settings { scope, ..Settings::default() });
    let answer = live.resolve(source, &origin).await.unwrap();
    assert_eq!(answer.refused.len(), 1);
    assert_eq!(text(answer), "- \"1\"\n- ENC[k8s_secret@b/s/k]\n", "also what is known");
    assert_eq!(listed(&live.snapshot()), ["k8s_secret@a/s/k: 1"]);

    live.reconfigure(Settings::default());
    assert_eq!(text(live.resolve(source, &origin).await.unwrap()), "- \"1\"\n- \"2\"\n");
    assert_eq!(listed(&live.snapshot()), ["k8s_secret@a/s/k: 1", "k8s_secret@b/s/k: 1"]);
    assert!(live.snapshot().unresolved.is_empty());
}

#[tokio::test]
async fn the_allowlist_that_is_extended_later_counts() {
    let store = Store::new([("a", "1")]);
    let live = Live::builder(store.clone()).build().unwrap();
    live.resolve(b"proxy: { http: 'ENC[a]' }\n", &Origin::new("datadog.yaml")).await.unwrap();
    assert_eq!(live.refresh_now().await.unwrap().candidates, 0);
    let refresh_allowlist = ["http".to_owned()].into();
    live.reconfigure(Settings { refresh_allowlist, ..Settings::default() });
    assert_eq!(live.refresh_now().await.unwrap().candidates, 1);
}

/// A first text, a second one, and what is in use after it: as all of the configuration, and as a part of it.
type Texts = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

#[tokio::test]
async fn a_whole_text_takes_the_place_of_the_one_before() {
    let rows: &[Texts] = &[
        ("another handle", "x: ENC[a]\n", "x: ENC[b]\n", &["b: 1"], &["a: 1", "b: 1"]),
        ("another place", "x: ENC[a]\n", "y: ENC[a]\n", &["a: 1"], &["a: 2"]),
        ("fewer places", "x: ENC[a]\ny: ENC[a]\n", "y: ENC[a]\n", &["a: 1"], &["a: 2"]),
        ("no handles", "x: ENC[a]\n", "x: a\n", &[], &["a: 1"]),
        ("the same", "x: ENC[a]\n", "x: ENC[a]\n", &["a: 1"], &["a: 1"]),
    ];
    for (what, first, second, whole, part) in rows {
        for (is_whole, expected) in [(true, whole), (false, part)] {
            let live = Live::builder(Store::new([("a", "1"), ("b", "2")])).build().unwrap();
            let origin = Origin { whole: is_whole, ..Origin::new("test") };
            live.resolve(b"z: ENC[c]\n", &Origin::new("other")).await.unwrap();
            live.resolve(first.as_bytes(), &origin).await.unwrap();
            live.resolve(second.as_bytes(), &origin).await.unwrap();
            let mut expected = expected.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
            expected.push("c: 1".to_owned());
            assert_eq!(listed(&live.snapshot()), expected, "{what}");
        }
    }
}

#[tokio::test]
async fn what_is_known_of_a_failure_stays_with_a_handle_that_stays() {
    let store = Store::new([]);
    store.put(
        "a",
        common::store::Stored::No(portcullis_secrets::Failure {
            retry_after: Some(Duration::from_secs(60)),
            ..portcullis_secrets::Failure::new(FailureKind::Unavailable, "busy")
        }),
    );
    let live = Live::builder(store.clone()).build().unwrap();
    let origin = Origin { whole: true, ..Origin::new("test") };
    for text in ["x: ENC[a]\n", "y: ENC[a]\n"] {
        let answer = live.resolve(text.as_bytes(), &origin).await.unwrap();
        assert_eq!(answer.failures.len(), 1, "{text}");
    }
    assert_eq!(store.times(), 1, "its store asked for time");
    let failures = live.failures();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].path.to_string(), "y");
}
