//! Who is told what, and in which order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};

use common::store::{Ear, Store};
use portcullis_secrets::{Cause, FailureKind, Live, Origin};
use secrecy::ExposeSecret as _;

fn told(name: &str) -> Origin {
    Origin { notify: true, ..Origin::new(name) }
}

#[tokio::test]
async fn a_subscription_ends_when_it_is_dropped() {
    let store = Store::new([("a", "1"), ("b", "2")]);
    let live = Live::builder(store).build().unwrap();
    let (kept, dropped) = (Ear::default(), Ear::default());
    live.subscribe(kept.listener()).keep();
    let subscription = live.subscribe(dropped.listener());
    live.resolve(b"- ENC[a]\n", &told("test")).await.unwrap();
    assert_eq!(dropped.heard(), ["a @ test/0: none -> 1 (Resolved)"]);
    drop(subscription);
    live.resolve(b"- ENC[b]\n", &told("test")).await.unwrap();
    assert!(dropped.heard().is_empty());
    assert_eq!(kept.heard().len(), 2);
    assert_eq!(live.counts().subscribers, 1);
}

#[tokio::test]
async fn a_subscriber_that_panics_hurts_nobody() {
    let store = Store::new([("a", "1")]);
    let live = Live::builder(store.clone()).build().unwrap();
    let ear = Ear::default();
    let _bad = live.subscribe(|_| panic!("on purpose"));
    let _good = live.subscribe(ear.listener());
    live.resolve(b"- ENC[a]\n", &told("test")).await.unwrap();
    store.set("a", "2");
    live.refresh_now().await.unwrap();
    assert_eq!(ear.heard(), ["a @ test/0: 1 -> 2 (Refreshed)", "a @ test/0: none -> 1 (Resolved)"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_subscriber_may_call_back_and_even_wait() {
    let store = Store::new([("a", "1"), ("b", "2"), ("c", "3")]);
    let live = Live::builder(store.clone()).build().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let subscription = live.subscribe({
        let (live, seen, store) = (live.clone(), seen.clone(), store.clone());
        move |change| {
            seen.lock().unwrap().push(format!("{}={}", change.handle(), change.value().expose_secret()));
            // Everything that the door offers, from inside of it.
            assert!(live.snapshot().enabled);
            live.remove_origin("nobody");
            drop(live.subscribe(|_| {}));
            if change.cause() == Cause::Resolved && change.handle().as_str() == "a" {
                // Waits, on a thread of its own, for what it causes.
                let answer = wait(live.resolve(b"- ENC[a]\n- ENC[b]\n", &told("inner")));
                assert_eq!(&*answer.unwrap().text, b"- \"1\"\n- \"2\"\n");
                store.set("a", "4");
                wait(live.refresh_now()).unwrap();
            }
        }
    });
    live.resolve(b"- ENC[a]\n", &told("outer")).await.unwrap();
    live.resolve(b"- ENC[c]\n", &told("outer")).await.unwrap();
    drop(subscription);
    let mut seen = seen.lock().unwrap().clone();
    assert_eq!(seen.remove(0), "a=1");
    assert_eq!(seen.pop().as_deref(), Some("c=3"));
    seen.sort_unstable();
    assert_eq!(seen, ["a=1", "a=4", "a=4", "b=2"], "told after the call that caused it");
}

/// Blocks this thread on a future, as a host without a runtime does.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Thread(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(done) =
            future.as_mut().poll(&mut std::task::Context::from_waker(&waker))
        {
            return done;
        }
        std::thread::park();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_thing_that_is_told_is_the_value_that_is_served() {
    let store = Store::new([("a", "0")]);
    let live = Live::builder(store.clone()).build().unwrap();
    let last = Arc::new(Mutex::new(std::collections::BTreeMap::new()));
    let _told = live.subscribe({
        let last = last.clone();
        move |change| {
            let place = format!("{}/{}", change.origin(), change.path());
            last.lock().unwrap().insert(place, change.value().expose_secret().to_owned());
        }
    });
    let mut tasks = Vec::new();
    for number in 1..40 {
        let (live, store) = (live.clone(), store.clone());
        tasks.push(tokio::spawn(async move {
            store.set("a", &number.to_string());
            let _ = live.refresh_now().await;
            live.resolve(b"- ENC[a]\n", &told(&format!("origin{}", number % 7))).await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    live.refresh_now().await.unwrap();
    let served = live.resolve(b"- ENC[a]\n", &Origin::new("reader")).await.unwrap();
    let served = std::str::from_utf8(&served.text).unwrap().to_owned();
    let last = last.lock().unwrap();
    assert_eq!(last.len(), 7);
    for (place, value) in &*last {
        assert_eq!(format!("- \"{value}\"\n"), served, "{place}");
    }
}

#[tokio::test]
async fn who_asked_in_vain_is_told_when_somebody_else_succeeds() {
    let store = Store::new([]);
    store.fail("a", FailureKind::Unavailable, "down");
    let live = Live::builder(store.clone()).build().unwrap();
    let ear = Ear::default();
    let _told = live.subscribe(ear.listener());
    live.resolve(b"- ENC[a]\n", &Origin::new("early")).await.unwrap();
    store.set("a", "1");
    live.resolve(b"- ENC[a]\n", &Origin::new("late")).await.unwrap();
    assert_eq!(ear.heard(), ["a @ early/0: none -> 1 (Resolved)"]);
}

#[tokio::test]
async fn failures_are_told_at_once_and_whenever_they_change() {
    let store = Store::new([("good", "1")]);
    store.fail("bad", FailureKind::Other, "x");
    let live = Live::builder(store.clone()).build().unwrap();
    let calls = Arc::new(Mutex::new(Vec::new()));
    let _told = live.on_failures({
        let calls = calls.clone();
        move |failures, complete| {
            let failures: Vec<String> =
                failures.iter().map(|failure| format!("{}/{}", failure.origin_name, failure.path)).collect();
            calls.lock().unwrap().push(format!("{} {complete}", failures.join(",")));
        }
    });
    let take = || std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(take(), [" false"]);
    let named = Origin { display_name: Some("Postgres".into()), ..Origin::new("digest") };
    live.resolve(b"- ENC[good]\n", &named).await.unwrap();
    assert!(take().is_empty(), "nothing changed");
    live.resolve(b"- ENC[bad]\n", &named).await.unwrap();
    assert_eq!(take().last().unwrap(), "Postgres/0 false");
    live.complete_initial_resolution();
    assert_eq!(take(), ["Postgres/0 true"]);
    store.set("bad", "2");
    live.refresh_now().await.unwrap();
    assert_eq!(take(), [" true"]);
    store.fail("bad", FailureKind::Other, "x");
    live.refresh_now().await.unwrap_err();
    assert_eq!(take(), ["Postgres/0 true"]);
    live.remove_origin("digest");
    assert_eq!(take(), [" true"]);
}
