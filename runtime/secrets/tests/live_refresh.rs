//! Fetching again: which handles, who is told, what is said, and what stays when it fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::store::{Ear, Store};
use portcullis_secrets::{Allowlist, FailureKind, Live, ManualClock, Origin, Reloaded};

fn told(name: &str) -> Origin {
    Origin { notify: true, ..Origin::new(name) }
}

fn only(settings: &[&str]) -> Allowlist {
    Allowlist::only(settings.iter().map(|setting| (*setting).to_owned()).collect::<BTreeSet<_>>())
}

#[tokio::test]
async fn what_changed_is_told_and_nothing_else() {
    let store = Store::new([("pass1", "password1"), ("pass2", "password2"), ("pass3", "password3")]);
    let live = Live::builder(store.clone()).build().unwrap();
    let ear = Ear::default();
    let _told = live.subscribe(ear.listener());
    let source =
        b"top_level: ENC[pass1]\nsome:\n  second_level: ENC[pass2]\n  third: {level: 'ENC[pass3]'}\n";
    live.resolve(source, &told("test")).await.unwrap();
    assert_eq!(
        ear.heard(),
        [
            "pass1 @ test/top_level: none -> password1 (Resolved)",
            "pass2 @ test/some/second_level: none -> password2 (Resolved)",
            "pass3 @ test/some/third/level: none -> password3 (Resolved)",
        ]
    );
    store.set("pass2", "second-password2");
    let report = live.refresh_now().await.unwrap().to_string();
    assert_eq!(ear.heard(), ["pass2 @ test/some/second_level: password2 -> second-password2 (Refreshed)"]);
    assert!(report.contains("'pass2'") && report.contains("some/second_level"), "{report}");
    assert!(!report.contains("pass1") && !report.contains("second-password2"), "{report}");
    store.set("pass1", "third-password1");
    store.set("pass3", "third-password3");
    live.refresh_now().await.unwrap();
    assert_eq!(
        ear.heard(),
        [
            "pass1 @ test/top_level: password1 -> third-password1 (Refreshed)",
            "pass3 @ test/some/third/level: password3 -> third-password3 (Refreshed)",
        ]
    );
    live.refresh_now().await.unwrap();
    assert!(ear.heard().is_empty());
}

#[tokio::test]
async fn the_allowlist_says_which_places_may_change() {
    struct Row {
        allowlist: Allowlist,
        /// Origin and text of each configuration.
        texts: &'static [(&'static str, &'static str)],
        told: &'static [&'static str],
        /// Each changed handle with all its places, also those that are not told.
        reported: &'static [&'static str],
    }
    let rows = [
        Row {
            allowlist: only(&["api_key"]),
            texts: &[("datadog.yaml", "another: {config: {setting: 'ENC[handle1]'}}")],
            told: &[],
            reported: &[],
        },
        Row {
            allowlist: only(&["setting"]),
            texts: &[("datadog.yaml", "another: {config: {setting: 'ENC[handle1]'}}")],
            told: &["handle1 @ datadog.yaml/another/config/setting: first -> second (Refreshed)"],
            reported: &["handle1: datadog.yaml/another/config/setting"],
        },
        Row {
            allowlist: Allowlist::default(),
            texts: &[
                (
                    "datadog.yaml",
                    "another: {config: {setting: 'ENC[handle1]'}}\nsomething: {additional_endpoints: 'ENC[handle1]'}",
                ),
                ("postgres:1234", "db_password: ENC[handle1]\nother: ENC[handle2]"),
            ],
            told: &[
                "handle1 @ datadog.yaml/something/additional_endpoints: first -> second (Refreshed)",
                "handle1 @ postgres:1234/db_password: first -> second (Refreshed)",
                "handle2 @ postgres:1234/other: first -> second (Refreshed)",
            ],
            reported: &[
                "handle1: datadog.yaml/another/config/setting, datadog.yaml/something/additional_endpoints, \
                 postgres:1234/db_password",
                "handle2: postgres:1234/other",
            ],
        },
        Row {
            allowlist: only(&["instances"]),
            texts: &[(
                "datadog.yaml",
                "instances: [{password: 'ENC[handle1]'}]\nmore_endpoints: {x: ['ENC[handle1]']}",
            )],
            told: &["handle1 @ datadog.yaml/instances/0/password: first -> second (Refreshed)"],
            reported: &["handle1: datadog.yaml/instances/0/password, datadog.yaml/more_endpoints/x/0"],
        },
        Row {
            allowlist: Allowlist::with(["proxy".to_owned()]),
            texts: &[
                ("datadog.yaml", "proxy: {http: 'ENC[handle1]'}\nlogs_config: {api_key: 'ENC[handle2]'}"),
                ("system-probe.yaml", "my_api_key: ENC[handle1]"),
            ],
            told: &[
                "handle1 @ datadog.yaml/proxy/http: first -> second (Refreshed)",
                "handle2 @ datadog.yaml/logs_config/api_key: first -> second (Refreshed)",
            ],
            reported: &[
                "handle1: datadog.yaml/proxy/http, system-probe.yaml/my_api_key",
                "handle2: datadog.yaml/logs_config/api_key",
            ],
        },
    ];
    for row in rows {
        let store = Store::new([("handle1", "first"), ("handle2", "first")]);
        let live = Live::builder(store.clone()).allowlist(row.allowlist).build().unwrap();
        for (origin, source) in row.texts {
            live.resolve(source.as_bytes(), &Origin::new(*origin)).await.unwrap();
        }
        let ear = Ear::default();
        let _told = live.subscribe(ear.listener());
        store.set("handle1", "second");
        store.set("handle2", "second");
        let times = store.times();
        let report = live.refresh_now().await.unwrap();
        assert_eq!(ear.heard(), row.told);
        let places = |reloaded: &Reloaded| {
            let places = reloaded.places.iter().map(|(origin, path)| format!("{origin}/{path}"));
            format!("{}: {}", reloaded.handle, places.collect::<Vec<_>>().join(", "))
        };
        assert_eq!(report.reloaded.iter().map(places).collect::<Vec<_>>(), row.reported);
        if row.told.is_empty() {
            assert_eq!(
                (report.to_string().as_str(), store.times()),
                ("", times),
                "nothing may change: nobody is asked"
            );
        }
    }
}

#[tokio::test]
async fn the_report_reads_as_the_agents() {
    let store = Store::new([("pass2", "password2"), ("pass1", "password1"), ("pass3", "p")]);
    let live = Live::builder(store.clone()).build().unwrap();
    let _three: Vec<_> = (0..3).map(|_| live.subscribe(|_| {})).collect();
    live.resolve(b"secret_backend_arguments:\n- ENC[pass1]\n", &told("origin1")).await.unwrap();
    live.resolve(b"b: ENC[pass2]\na: ENC[pass1]\nc: ENC[pass3]", &told("origin2")).await.unwrap();
    assert_eq!(
        live.refresh_now().await.unwrap().to_string(),
        "=== Secret stats ===\nNumber of secrets reloaded: 0\nSecrets handle reloaded:\n\n"
    );
    store.set("pass1", "second-password1");
    store.set("pass2", "second-password2");
    assert_eq!(
        live.refresh_now().await.unwrap().to_string(),
        "=== Secret stats ===\n\
         Number of secrets reloaded: 2\n\
         Secrets handle reloaded:\n\
         \n\
         - 'pass1':\n\
         \tused in 'origin1' configuration in entry 'secret_backend_arguments/0'\n\
         \tused in 'origin2' configuration in entry 'a'\n\
         - 'pass2':\n\
         \tused in 'origin2' configuration in entry 'b'\n"
    );
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_last_good_value_and_says_since_when() {
    let store = Store::new([("a", "1"), ("b", "1")]);
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).build().unwrap();
    let ear = Ear::default();
    live.resolve(b"- ENC[a]\n- ENC[b]\n", &told("test")).await.unwrap();
    let _told = live.subscribe(ear.listener());
    clock.advance(Duration::from_secs(10));
    store.fail("a", FailureKind::Unavailable, "down");
    store.set("b", "2");
    let error = live.refresh_now().await.unwrap_err();
    assert_eq!(error.to_string(), "handle \"a\": down");
    assert_eq!(error.report.reloaded.len(), 1, "what succeeded is applied");
    clock.advance(Duration::from_secs(10));
    live.refresh_now().await.unwrap_err();
    let snapshot = live.snapshot();
    let stale: Vec<_> = snapshot.stale.iter().map(|(handle, since)| (handle.as_str(), *since)).collect();
    assert_eq!(stale, [("a", SystemTime::UNIX_EPOCH + Duration::from_secs(10))]);
    assert_eq!(snapshot.unresolved.iter().collect::<Vec<_>>(), ["'test' handle \"a\": down"]);

    store.set("a", "1");
    live.refresh_now().await.unwrap();
    assert!(live.snapshot().stale.is_empty() && live.snapshot().unresolved.is_empty());
    assert_eq!(ear.heard(), ["b @ test/1: 1 -> 2 (Refreshed)"]);
}
