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

use common::store::{Ear, Store, Stored};
use portcullis_secrets::{
    Allowlist, AuditFile, Failure, FailureKind, Live, ManualClock, Origin, Reason, Settings,
};

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
    }
    let rows = [
        Row {
            allowlist: only(&["api_key"]),
            texts: &[("datadog.yaml", "another: {config: {setting: 'ENC[handle1]'}}")],
            told: &[],
        },
        Row {
            allowlist: only(&["setting"]),
            texts: &[("datadog.yaml", "another: {config: {setting: 'ENC[handle1]'}}")],
            told: &["handle1 @ datadog.yaml/another/config/setting: first -> second (Refreshed)"],
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
        },
        Row {
            allowlist: only(&["instances"]),
            texts: &[(
                "datadog.yaml",
                "instances: [{password: 'ENC[handle1]'}]\nmore_endpoints: {x: ['ENC[handle1]']}",
            )],
            told: &["handle1 @ datadog.yaml/instances/0/password: first -> second (Refreshed)"],
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
async fn the_audit_file_gets_a_line_for_each_refresh_that_changed_something() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret-audit-file.json");
    let key = "0123456789abcdef0123456789ABCDEF";
    let application_key = "0123456789abcdef0123456789abcdef01234567";
    let store = Store::new([("a<b>", "1"), ("key", "1"), ("app", "1"), ("hex", "1")]);
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_391_509_800));
    let live = Live::builder(store.clone())
        .clock(Arc::new(clock.clone()))
        .audit(Arc::new(AuditFile::new(folder.path(), &Settings::default())))
        .build()
        .unwrap();
    live.resolve(b"x: ENC[a<b>]\nmyApiKey: ENC[key]\napp_key: ENC[app]\ny: ENC[hex]\n", &told("test"))
        .await
        .unwrap();
    live.refresh_now().await.unwrap();
    assert!(!file.exists(), "nothing changed");
    store.set("key", key);
    live.refresh_now().await.unwrap();
    let first = r#"{"time":"2014-02-04T10:30:00Z","data":[{"handle":"a\u003cb\u003e"},{"handle":"app"},{"handle":"hex"},{"handle":"key","value":"****************************CDEF"}]}"#;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{first}\n"));
    clock.advance(Duration::from_millis(1_500));
    store.set("app", application_key);
    store.set("hex", application_key);
    live.refresh_now().await.unwrap();
    let second = r#"{"time":"2014-02-04T10:30:01.5Z","data":[{"handle":"a\u003cb\u003e"},{"handle":"app","value":"************************************4567"},{"handle":"hex"},{"handle":"key","value":"****************************CDEF"}]}"#;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{first}\n{second}\n"));
}

#[tokio::test]
async fn an_audit_file_that_cannot_be_written_is_said_and_the_values_are_applied() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("secret-audit-file.json")).unwrap();
    for run_path in [folder.path().to_owned(), folder.path().join("none")] {
        let store = Store::new([("a", "1")]);
        let live = Live::builder(store.clone())
            .audit(Arc::new(AuditFile::new(&run_path, &Settings::default())))
            .build()
            .unwrap();
        live.resolve(b"x: ENC[a]\n", &told("test")).await.unwrap();
        store.set("a", "2");
        let error = live.refresh_now().await.unwrap_err();
        assert_eq!(error.report.reloaded.len(), 1);
        assert!(error.to_string().contains("secret-audit-file.json'"), "{error}");
        assert!(error.failures.is_empty() && live.failures().is_empty());
        assert_eq!(&*live.resolve(b"- ENC[a]", &told("test")).await.unwrap().text, b"- \"2\"");
    }
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

    // From the cache, with the failure still known; cleared by a fetch that brings the same value.
    let answer = live.resolve(b"- ENC[a]\n- ENC[b]\n", &told("test")).await.unwrap();
    assert_eq!(&*answer.text, b"- \"1\"\n- \"2\"\n");
    let [failure] = &*live.failures() else { panic!("{:?}", live.failures()) };
    assert_eq!((failure.reason, failure.has_cached_value), (Reason::BackendError, true));
    store.set("a", "1");
    live.refresh_now().await.unwrap();
    assert!(live.failures().is_empty() && live.snapshot().stale.is_empty());
    assert_eq!(
        ear.heard(),
        [
            "a @ test/0: none -> 1 (Cached)",
            "b @ test/1: 1 -> 2 (Refreshed)",
            "b @ test/1: none -> 2 (Cached)"
        ]
    );
}

#[tokio::test]
async fn what_never_resolved_is_tried_again() {
    let store = Store::new([("good", "1")]);
    for stored in [
        Stored::Silence,
        Stored::Value(String::new()),
        Stored::Twice("x".to_owned()),
        Stored::No(Failure::new(FailureKind::Other, "some error")),
    ] {
        store.put("bad", stored);
        let live = Live::builder(store.clone()).build().unwrap();
        let source = b"password: ENC[bad]\nusername: ENC[good]\n";
        assert_eq!(live.resolve(source, &Origin::new("test")).await.unwrap().failures.len(), 1);
        let [failure] = &*live.failures() else { panic!("{:?}", live.failures()) };
        assert_eq!((failure.path.to_string().as_str(), failure.has_cached_value), ("password", false));
        let ear = Ear::default();
        let _told = live.subscribe(ear.listener());
        // The value is taken as it is, whatever it looks like.
        store.set("bad", "ENC[literal-value]");
        assert_eq!(live.refresh_now().await.unwrap().reloaded.len(), 1);
        assert_eq!(ear.heard(), ["bad @ test/password: none -> ENC[literal-value] (Refreshed)"]);
        assert!(live.failures().is_empty());
    }
}

#[tokio::test]
async fn failures_go_with_the_last_configuration_that_uses_the_handle() {
    let store = Store::new([]);
    store.put("h", Stored::Silence);
    let live = Live::builder(store.clone()).build().unwrap();
    for origin in ["first", "second", "first"] {
        live.resolve(b"- ENC[h]\n", &Origin::new(origin)).await.unwrap();
    }
    assert_eq!(live.failures().len(), 2);
    live.remove_origin("first");
    assert_eq!(live.failures().len(), 1);
    store.set("h", "v");
    live.refresh_now().await.unwrap();
    assert!(live.failures().is_empty());
    store.put("h", Stored::Silence);
    live.refresh_now().await.unwrap_err();
    assert_eq!(live.failures().len(), 1);
    live.remove_origin("second");
    assert!(live.failures().is_empty());
    assert_eq!(live.counts().handles, 0);
    assert_eq!(live.refresh_now().await.unwrap().candidates, 0);
}

#[tokio::test]
async fn handles_of_many_backends_fail_each_on_its_own() {
    let store = Store::new([("file;good", "v")]);
    store.put("file;missing", Stored::Silence);
    let live = Live::builder(store.clone()).build().unwrap();
    live.resolve(b"- ENC[file;good]\n- ENC[file;missing]\n", &Origin::new("test")).await.unwrap();
    let [failure] = &*live.failures() else { panic!("{:?}", live.failures()) };
    assert_eq!((failure.handle.as_str(), failure.reason.as_str()), ("file;missing", "missing"));
    assert_eq!(live.counts().cached, 1);
}
