//! Many configurations at once are a few calls of their backend.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::Arc;

use common::store::Store;
use portcullis_secrets::{Live, Origin};
use tokio::task::JoinSet;

/// Handles of one group with their values.
fn store(count: usize) -> Arc<Store> {
    let store = Store::new([]);
    for number in 0..count {
        store.set(&format!("group;{number}"), &format!("value {number}"));
    }
    store
}

/// Resolves a configuration for each handle, all at once; gives their texts.
fn all(live: &Live, count: usize) -> JoinSet<(usize, String)> {
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let live = live.clone();
        tasks.spawn(async move {
            let text = format!("a: ENC[group;{number}]\n");
            let answer = live.resolve(text.as_bytes(), &Origin::new(number.to_string())).await.unwrap();
            (number, String::from_utf8(answer.text.to_vec()).unwrap())
        });
    }
    tasks
}

#[tokio::test]
async fn who_finds_all_calls_busy_goes_out_with_the_others() {
    let store = store(1000);
    store.hold("group");
    let live = Live::builder(Arc::<Store>::clone(&store)).build().unwrap();
    let tasks = all(&live, 1000);
    while live.counts().in_flight < 1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.times(), 4, "no more calls at once");
    store.release("group");
    for (number, text) in tasks.join_all().await {
        assert_eq!(text, format!("a: \"value {number}\"\n"));
    }
    let calls: Vec<usize> = store.asked().iter().map(Vec::len).collect();
    assert_eq!(calls, [1, 1, 1, 1, 996]);
    let counts = live.counts();
    assert_eq!((counts.cached, counts.in_flight), (1000, 0));
    assert_eq!(counts.fetches.values().map(|fetches| fetches.done).sum::<u64>(), 5);
}

#[tokio::test]
async fn a_call_has_as_many_handles_as_its_backend_takes() {
    let store = store(1000);
    store.at_most(64);
    store.hold("group");
    let live = Live::builder(Arc::<Store>::clone(&store)).build().unwrap();
    let tasks = all(&live, 900);
    // One configuration with more than that.
    let large: String = (900..1000).map(|number| format!("- ENC[group;{number}]\n")).collect();
    let waiting = tokio::spawn({
        let live = live.clone();
        async move { live.resolve(large.as_bytes(), &Origin::new("large")).await.unwrap() }
    });
    while live.counts().in_flight < 1000 {
        tokio::task::yield_now().await;
    }
    store.release("group");
    tasks.join_all().await;
    assert!(waiting.await.unwrap().failures.is_empty());
    let calls = store.asked();
    assert!(calls.iter().all(|call| call.len() <= 64) && calls.len() <= 4 + 1000 / 32, "{}", calls.len());
    // A refresh of all of them too.
    live.refresh_now().await.unwrap();
    let calls = store.asked();
    assert!(calls.iter().all(|call| call.len() <= 64), "{calls:?}");
    assert_eq!(calls.iter().map(Vec::len).sum::<usize>(), 1000);
}

#[tokio::test]
async fn what_fails_together_counts_as_one_failure() {
    let store = store(200);
    store.panics(true);
    store.hold("group");
    let live = Live::builder(Arc::<Store>::clone(&store)).build().unwrap();
    let tasks = all(&live, 200);
    while live.counts().in_flight < 200 {
        tokio::task::yield_now().await;
    }
    store.release("group");
    for (number, text) in tasks.join_all().await {
        assert_eq!(text, format!("a: ENC[group;{number}]\n"));
    }
    let counts = live.counts();
    assert_eq!((counts.failing, counts.in_flight), (200, 0));
    assert_eq!(counts.fetches.values().map(|fetches| fetches.unreachable).sum::<u64>(), 5);
}

/// A runtime that ends leaves nobody waiting: neither who is under way, nor who waits for a turn.
#[test]
fn a_runtime_that_ends_cuts_everybody_off() {
    let store = store(100);
    store.hold("group");
    let fetching =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let live = Live::builder(Arc::<Store>::clone(&store)).runtime(fetching.handle().clone()).build().unwrap();
    let asking = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    asking.block_on(async {
        let tasks = all(&live, 100);
        while live.counts().in_flight < 100 {
            tokio::task::yield_now().await;
        }
        fetching.shutdown_background();
        for (number, text) in tasks.join_all().await {
            assert_eq!(text, format!("a: ENC[group;{number}]\n"));
        }
    });
    assert_eq!(live.counts().in_flight, 0);
}

/// Whoever comes just as the last call ends is no less answered.
#[test]
fn nobody_is_lost_between_two_turns() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let store = store(20_000);
    let live = Live::builder(Arc::<Store>::clone(&store)).runtime(runtime.handle().clone()).build().unwrap();
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for first in 0..16 {
            let live = live.clone();
            tasks.spawn(async move {
                for number in (first..20_000).step_by(16) {
                    let text = format!("a: ENC[group;{number}]\n");
                    let answer =
                        live.resolve(text.as_bytes(), &Origin::new(number.to_string())).await.unwrap();
                    assert!(answer.failures.is_empty(), "{:?}", answer.failures);
                }
            });
        }
        tasks.join_all().await;
    });
    assert_eq!(live.counts().in_flight, 0);
}
