//! Fetching again at the right times, on a clock that the test moves.

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

use common::store::{Ear, Store, Stored};
use portcullis_secrets::{
    BreakerState, Clock as _, Group, Live, ManualClock, Moment, Origin, Random, Settings,
};
use tokio::sync::oneshot;

/// Chance that always says the same.
struct Always(u64);

impl Random for Always {
    fn below(&self, bound: u64) -> u64 {
        self.0.min(bound - 1)
    }
}

struct Scene {
    store: Arc<Store>,
    clock: ManualClock,
    live: Live,
    running: tokio::task::JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Scene {
    async fn new(store: Arc<Store>, settings: Settings, random: u64, source: &'static str) -> Self {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
        let live = Live::builder(store.clone())
            .settings(settings)
            .clock(Arc::new(clock.clone()))
            .random(Arc::new(Always(random)))
            .build()
            .unwrap();
        live.resolve(source.as_bytes(), &Origin::new("test")).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn({
            let live = live.clone();
            async move { live.run(async { drop(stopped.await) }).await.unwrap() }
        });
        Self { store, clock, live, running, stop }
    }

    /// Moves the clock to this many milliseconds, once `run` waits until exactly then.
    async fn tick_at(&self, milliseconds: u64) {
        let moment = at(milliseconds);
        self.clock.sleeper(moment).await;
        self.clock.advance(moment.since(self.clock.now()));
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.running.await.unwrap();
    }
}

fn at(milliseconds: u64) -> Moment {
    Moment::since_start(Duration::from_millis(milliseconds))
}

fn every(seconds: u64, scatter: bool) -> Settings {
    Settings {
        refresh_interval: Duration::from_secs(seconds),
        refresh_scatter: scatter,
        ..Settings::default()
    }
}

/// Lets everything that can run, run.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn ticks_come_an_interval_after_the_end_of_the_one_before() {
    for (scatter, random, first) in
        [(false, 0, 10_000), (true, 5_477_000_000, 6_477), (true, 0, 1_000), (true, u64::MAX, 11_000)]
    {
        let store = Store::new([("slow;a", "1")]);
        let scene = Scene::new(store, every(10, scatter), random, "- ENC[slow;a]\n").await;
        // The largest random time is a nanosecond short of the end.
        if random == u64::MAX {
            assert_eq!(scene.live.snapshot().refresh.first_after, Some(Duration::from_nanos(10_999_999_999)));
            scene.stop().await;
            continue;
        }
        assert_eq!(scene.live.snapshot().refresh.first_after, Some(Duration::from_millis(first)));
        scene.store.hold("slow");
        scene.tick_at(first).await;
        scene.store.asked_times(2).await;
        // The refresh takes three seconds.
        scene.clock.advance(Duration::from_secs(3));
        scene.store.release("slow");
        scene.tick_at(first + 13_000).await;
        scene.store.asked_times(3).await;
        scene.tick_at(first + 23_000).await;
        scene.store.asked_times(4).await;
        scene.stop().await;
    }
}

#[tokio::test]
async fn requests_are_throttled_and_queue_one() {
    let settings =
        Settings { refresh_on_api_key_failure_interval: Duration::from_millis(100), ..Settings::default() };
    let store = Store::new([("a", "1")]);
    let scene = Scene::new(store, settings, 0, "- ENC[a]\n").await;
    for _ in 0..3 {
        assert!(scene.live.request_refresh());
    }
    scene.store.asked_times(2).await;
    settle().await;
    assert!(scene.live.request_refresh(), "it is noted, and left out for coming too early");
    settle().await;
    assert_eq!(scene.store.times(), 2);
    scene.clock.advance(Duration::from_millis(100));
    assert!(scene.live.request_refresh());
    scene.store.asked_times(3).await;
    scene.live.refresh_now().await.unwrap();
    assert_eq!(scene.store.times(), 4, "an operator's refresh is not throttled");
    scene.stop().await;

    let store = Store::new([("a", "1")]);
    let scene = Scene::new(store, Settings::default(), 0, "- ENC[a]\n").await;
    assert!(!scene.live.request_refresh(), "off");
    settle().await;
    assert_eq!(scene.store.times(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn an_hour_without_a_store_costs_nothing_that_is_served() {
    let store = Store::new([("down;a", "1"), ("down;b", "1"), ("up;c", "0")]);
    let source = "- ENC[down;a]\n- ENC[down;b]\n- ENC[up;c]\n- ENC[down;never]\n";
    let scene = Scene::new(store, every(60, false), u64::MAX, source).await;
    let ear = Ear::default();
    let _told = scene.live.subscribe(ear.listener());
    scene.store.panics(false);
    for handle in ["down;a", "down;b", "down;never"] {
        scene.store.fail(handle, portcullis_secrets::FailureKind::Unavailable, "no route to host");
    }
    let mut sizes = Vec::new();
    for minute in 1..=60 {
        scene.store.set("up;c", &minute.to_string());
        scene.tick_at(minute * 60_000).await;
        scene.clock.sleeper(at((minute + 1) * 60_000)).await;
        let answer = scene.live.resolve(source.as_bytes(), &Origin::new("test")).await.unwrap();
        let expected = format!("- \"1\"\n- \"1\"\n- \"{minute}\"\n- ENC[down;never]\n");
        assert_eq!(std::str::from_utf8(&answer.text).unwrap(), expected);
        let counts = scene.live.counts();
        sizes.push((counts.cached, counts.places, counts.failing, counts.stale, counts.in_flight));
    }
    assert!(sizes.iter().all(|size| *size == (3, 4, 3, 2, 0)), "{sizes:?}");
    assert!(matches!(scene.live.counts().breakers[&Group::new("down")], BreakerState::Open { .. }));
    assert_eq!(ear.heard().len(), 60, "only what changed is told");
    let ticks =
        scene.store.asked().into_iter().filter(|batch| batch.len() == 3 && batch[0] == "down;a").count();
    assert_eq!(ticks, 61, "the first time, and every tick, however long it has been failing");

    // The store is back: the next tick asks, and all is well.
    for handle in ["down;a", "down;b", "down;never"] {
        scene.store.set(handle, "2");
    }
    scene.tick_at(61 * 60_000).await;
    scene.clock.sleeper(at(62 * 60_000)).await;
    let counts = scene.live.counts();
    assert_eq!((counts.failing, counts.stale), (0, 0));
    assert_eq!(counts.breakers[&Group::new("down")], BreakerState::Closed);
    assert!(scene.live.snapshot().unresolved.is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn a_value_is_renewed_before_its_time_is_over() {
    let store = Store::new([("plain", "1")]);
    store.put("leased", Stored::Lease("1".to_owned(), Duration::from_secs(100)));
    let settings = Settings { refresh_before_expiry: true, ..Settings::default() };
    let scene = Scene::new(store, settings, 0, "- ENC[plain]\n- ENC[leased]\n").await;
    scene.store.asked();
    scene.tick_at(80_000).await;
    scene.store.asked_times(2).await;
    // It fails, and is tried again half a minute later.
    scene.store.fail("leased", portcullis_secrets::FailureKind::Other, "not now");
    scene.tick_at(160_000).await;
    scene.store.asked_times(3).await;
    scene.store.put("leased", Stored::Lease("2".to_owned(), Duration::from_secs(3)));
    scene.tick_at(190_000).await;
    // A lease of three seconds is renewed after five: no store is asked all the time.
    scene.tick_at(195_000).await;
    scene.tick_at(200_000).await;
    scene.store.asked_times(6).await;
    assert!(scene.store.asked().iter().all(|batch| batch == &["leased"]));
    scene.stop().await;
}

#[tokio::test]
async fn a_group_whose_files_changed_is_fetched_alone() {
    let store = Store::new([("file;a", "1"), ("vault;b", "1")]);
    let scene = Scene::new(store, Settings::default(), 0, "- ENC[file;a]\n- ENC[vault;b]\n").await;
    let ear = Ear::default();
    let _told = scene.live.subscribe(ear.listener());
    scene.store.asked();
    scene.store.set("file;a", "2");
    scene.store.set("vault;b", "2");
    scene.live.touched(Group::new("file"));
    scene.store.asked_times(3).await;
    scene.stop().await;
    assert_eq!(ear.heard(), ["file;a @ test/0: 1 -> 2 (Refreshed)"]);
}

#[tokio::test]
async fn run_runs_once_and_again_after_it_ended() {
    let store = Store::new([]);
    let scene = Scene::new(store, Settings::default(), 0, "").await;
    settle().await;
    assert!(scene.live.run(std::future::ready(())).await.is_err());
    let live = scene.live.clone();
    scene.stop().await;
    live.run(std::future::ready(())).await.unwrap();
}
