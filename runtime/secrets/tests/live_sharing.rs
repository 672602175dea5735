//! Many callers at once: nobody waits for somebody else's backend, and nobody asks twice.

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

use common::store::{Ear, Store};
use portcullis_secrets::{
    Answer, BreakerState, Clock as _, FailureKind, Group, Live, ManualClock, Origin, Settings,
};

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.text).unwrap()
}

fn resolving(live: &Live, source: &'static str, origin: &'static str) -> tokio::task::JoinHandle<Answer> {
    let live = live.clone();
    tokio::spawn(async move {
        let origin = Origin { notify: true, ..Origin::new(origin) };
        live.resolve(source.as_bytes(), &origin).await.unwrap()
    })
}

#[tokio::test]
async fn two_who_need_the_same_handle_share_one_fetch() {
    let store = Store::new([("slow;a", "1"), ("slow;b", "2")]);
    store.hold("slow");
    let live = Live::builder(store.clone()).build().unwrap();
    let ear = Ear::default();
    let _told = live.subscribe(ear.listener());
    let first = resolving(&live, "- ENC[slow;a]\n", "one");
    store.asked_times(1).await;
    let second = resolving(&live, "- ENC[slow;a]\n- ENC[slow;b]\n", "two");
    store.asked_times(2).await;
    let third = resolving(&live, "x: ENC[slow;b]\n", "three");
    // A refresh joins what is in the air too.
    let refresh = tokio::spawn({
        let live = live.clone();
        async move { live.refresh_now().await.unwrap() }
    });
    // Everybody has been let run until it waits.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(live.counts().in_flight, 2);
    store.release("slow");
    assert_eq!(text(&first.await.unwrap()), "- \"1\"\n");
    assert_eq!(text(&second.await.unwrap()), "- \"1\"\n- \"2\"\n");
    assert_eq!(text(&third.await.unwrap()), "x: \"2\"\n");
    assert_eq!(refresh.await.unwrap().reloaded.len(), 2);
    assert_eq!(store.asked(), [["slow;a"], ["slow;b"]]);
    assert_eq!(
        ear.heard(),
        [
            "slow;a @ one/0: none -> 1 (Resolved)",
            "slow;a @ two/0: none -> 1 (Resolved)",
            "slow;b @ three/x: none -> 2 (Resolved)",
            "slow;b @ two/1: none -> 2 (Resolved)",
        ]
    );
}

#[tokio::test]
async fn a_group_that_hangs_delays_only_its_own_handles() {
    let store = Store::new([("slow;a", "1"), ("quick;b", "2"), ("c", "3")]);
    store.hold("slow");
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).build().unwrap();
    let ear = Ear::default();
    let _told = live.subscribe(ear.listener());
    let both = resolving(&live, "- ENC[slow;a]\n- ENC[quick;b]\n", "both");
    store.asked_times(2).await;
    assert_eq!(
        text(&resolving(&live, "- ENC[quick;b]\n- ENC[c]\n", "quick").await.unwrap()),
        "- \"2\"\n- \"3\"\n"
    );
    assert!(
        ear.heard().contains(&"quick;b @ both/1: none -> 2 (Resolved)".to_owned()),
        "told as it comes in"
    );
    assert!(!both.is_finished());

    // A hang ends: the deadline of the fetch, and what could be resolved is.
    let limit = Settings::default().backend_timeout + Settings::GRACE;
    clock.sleeper(portcullis_secrets::Moment::since_start(limit)).await;
    clock.advance(limit);
    let answer = both.await.unwrap();
    assert_eq!(text(&answer), "- ENC[slow;a]\n- \"2\"\n");
    assert_eq!(
        answer.failures[0].to_string(),
        "handle \"slow;a\": 'slow' timed out after 35 seconds. You can increase secret_backend_timeout."
    );
    assert_eq!(clock.now().elapsed(), limit);
}

#[tokio::test]
async fn a_caller_that_goes_away_takes_the_fetch_from_nobody() {
    let store = Store::new([("slow;a", "1")]);
    store.hold("slow");
    let live = Live::builder(store.clone()).build().unwrap();
    let gone = resolving(&live, "- ENC[slow;a]\n", "gone");
    store.asked_times(1).await;
    let stays = resolving(&live, "- ENC[slow;a]\n", "stays");
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    store.release("slow");
    assert_eq!(text(&stays.await.unwrap()), "- \"1\"\n");
    assert_eq!(store.times(), 1);
}

#[tokio::test]
async fn a_backend_that_panics_fails_its_handles_and_nothing_else() {
    let store = Store::new([("a", "1"), ("b", "2")]);
    let live = Live::builder(store.clone()).build().unwrap();
    resolving(&live, "- ENC[a]\n", "one").await.unwrap();
    store.panics(true);
    let answer = resolving(&live, "- ENC[a]\n- ENC[b]\n", "two").await.unwrap();
    assert_eq!(text(&answer), "- \"1\"\n- ENC[b]\n");
    assert_eq!(
        answer.failures[0].to_string(),
        "handle \"b\": the backend of 'default' ended without an answer; this is a fault of the backend"
    );
    let error = live.refresh_now().await.unwrap_err();
    assert_eq!(error.failures.len(), 2);
    assert_eq!(live.counts().stale, 1);
    store.panics(false);
    live.refresh_now().await.unwrap();
    assert_eq!((live.counts().stale, live.counts().failing, live.counts().in_flight), (0, 0, 0));
}

#[tokio::test]
async fn a_group_that_fails_again_and_again_is_left_alone_and_others_are_not() {
    let store = Store::new([("up;x", "1")]);
    for number in 0..6 {
        store.fail(&format!("down;{number}"), FailureKind::Unavailable, "no route");
    }
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).build().unwrap();
    for source in ["- ENC[down;0]\n", "- ENC[down;1]\n", "- ENC[down;2]\n"] {
        assert!(
            resolving(&live, source, "test").await.unwrap().failures[0].to_string().ends_with("no route")
        );
    }
    let answer = resolving(&live, "- ENC[down;3]\n- ENC[up;x]\n", "test").await.unwrap();
    assert_eq!(text(&answer), "- ENC[down;3]\n- \"1\"\n");
    assert!(
        answer.failures[0].to_string().starts_with("handle \"down;3\": 'down' failed several times in a row"),
        "{:?}",
        answer.failures
    );
    assert_eq!(store.times(), 4, "three that failed, and the other group");
    assert!(matches!(live.counts().breakers[&Group::new("down")], BreakerState::Open { .. }));
    assert_eq!(live.snapshot().unresolved.len(), 4, "what was not asked for is unresolved too");

    clock.advance(portcullis_secrets::FIRST_BACK_OFF);
    for number in 0..6 {
        store.set(&format!("down;{number}"), "up");
    }
    assert!(resolving(&live, "- ENC[down;3]\n- ENC[down;4]\n", "test").await.unwrap().failures.is_empty());
    assert_eq!(live.counts().breakers[&Group::new("down")], BreakerState::Closed);
}

#[tokio::test]
async fn a_store_that_names_a_time_is_left_alone_until_then() {
    let store = Store::new([("b", "1")]);
    let mut busy = portcullis_secrets::Failure::new(FailureKind::Unavailable, "busy");
    busy.retry_after = Some(Duration::from_secs(90));
    store.put("a", common::store::Stored::No(busy));
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).build().unwrap();
    let source = "- ENC[a]\n- ENC[b]\n";
    resolving(&live, source, "test").await.unwrap();
    store.set("a", "2");
    clock.advance(Duration::from_secs(89));
    assert_eq!(resolving(&live, source, "test").await.unwrap().failures[0].to_string(), "handle \"a\": busy");
    assert_eq!(store.times(), 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(text(&resolving(&live, source, "test").await.unwrap()), "- \"2\"\n- \"1\"\n");
}
