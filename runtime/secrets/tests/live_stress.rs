//! Everything at once, on several threads: nothing is stuck, nothing is left over.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::Duration;

use common::store::Store;
use portcullis_secrets::{FailureKind, Group, Live, Origin, Settings};
use tokio::sync::oneshot;

#[test]
fn all_doors_at_once() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    // A watchdog, not a measure: without it a deadlock would be a test that never ends.
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(120), stress()).await.unwrap() });
}

async fn stress() {
    let store = Store::new([]);
    for number in 0..40 {
        store.set(&format!("g{};{number}", number % 4), "0");
    }
    let settings = Settings {
        refresh_on_api_key_failure_interval: Duration::from_nanos(1),
        refresh_interval: Duration::from_millis(3),
        refresh_scatter: false,
        ..Settings::default()
    };
    let live = Live::builder(store.clone()).settings(settings).build().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let live = live.clone();
        async move { live.run(async { drop(stopped.await) }).await.unwrap() }
    });
    live.subscribe({
        let live = live.clone();
        move |change| assert!(live.is_value_from_secret("0") || change.origin().starts_with("origin"))
    })
    .keep();
    let _failures = live.on_failures(|failures, _| assert!(failures.len() <= 1_000));
    let mut tasks = Vec::new();
    for task in 0..8_u32 {
        let (live, store) = (live.clone(), store.clone());
        tasks.push(tokio::spawn(async move {
            for round in 0..60_u32 {
                let pick = |salt: u32| (task * 7 + round * 13 + salt * 5) % 40;
                let handle = |salt| format!("g{};{}", pick(salt) % 4, pick(salt));
                let origin =
                    Origin { notify: round % 2 == 0, ..Origin::new(format!("origin{}", pick(3) % 9)) };
                match round % 7 {
                    0 => store.set(&handle(1), &format!("{task} {round}")),
                    1 => store.fail(&handle(1), FailureKind::Unavailable, "down"),
                    2 => drop(live.refresh_now().await),
                    3 => live.remove_origin(&origin.name),
                    4 => live.touched(Group::new(format!("g{}", pick(2) % 4))),
                    5 => assert!(live.request_refresh()),
                    _ => store.panics(round % 2 == 0),
                }
                let source = format!("- ENC[{}]\n- ENC[{}]\n- ENC[{}]\n", handle(1), handle(2), handle(3));
                let answer = live.resolve(source.as_bytes(), &origin);
                if round % 5 == 0 {
                    // A caller that goes away.
                    drop(tokio::time::timeout(Duration::ZERO, answer).await);
                } else {
                    answer.await.unwrap();
                }
                drop(live.subscribe(|_| {}));
                assert!(live.snapshot().enabled);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    store.panics(false);
    for number in 0..40 {
        store.set(&format!("g{};{number}", number % 4), "end");
    }
    stop.send(()).unwrap();
    running.await.unwrap();
    live.refresh_now().await.unwrap();
    let counts = live.counts();
    assert_eq!((counts.failing, counts.stale, counts.in_flight), (0, 0, 0));
    for origin in 0..9 {
        live.remove_origin(&format!("origin{origin}"));
    }
    let counts = live.counts();
    assert_eq!((counts.handles, counts.places, counts.origins, counts.failing), (0, 0, 0, 0));
}
