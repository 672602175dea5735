//! The agent's table of failures, step by step: what fails, what is served all the same, and when a failure is over.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::path::Path;
use std::sync::{Arc, Mutex};

use common::store::{Ear, Store, Stored};
use portcullis_secrets::{
    AuditFile, Failure, FailureKind, Live, Origin, ResolutionFailure, ScopeSettings, Settings,
};
use secrecy::ExposeSecret as _;

struct Row {
    name: &'static str,
    given: Given,
    /// What every configuration of the row says.
    text: &'static str,
    steps: Vec<Step>,
}

/// What is special about a row.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    Nothing,
    /// There is no backend.
    Off,
    /// Each configuration is from a pod in the namespace `pod`, and may use secrets of that one only.
    Scoped,
    /// A folder has the name of the audit file.
    AuditFileIsFolder,
    /// The audit file's folder does not exist.
    NoAuditFolder,
}

enum Act {
    /// As a configuration of this name.
    Resolve(&'static str),
    Refresh,
    Remove(&'static str),
}

/// What is done, and how things are after it. The failures and values are all that there are.
struct Step {
    /// What is stored before it.
    put: Vec<(&'static str, Stored)>,
    act: Act,
    /// `handle @ origin/path: reason`, with ` (cached)` where an older value is served.
    failures: &'static [&'static str],
    /// The handles that the answer or the refresh says have failed; `audit` if the audit file is among its errors.
    errors: &'static [&'static str],
    /// `handle=value` of each place that the answer has a value for.
    resolved: &'static [&'static str],
    /// What subscribers hear.
    heard: &'static [&'static str],
}

fn step(act: Act) -> Step {
    Step { put: Vec::new(), act, failures: &[], errors: &[], resolved: &[], heard: &[] }
}

fn value(value: &str) -> Stored {
    Stored::Value(value.to_owned())
}

fn no(kind: FailureKind) -> Stored {
    Stored::No(Failure::new(kind, "some error"))
}

fn down() -> Stored {
    no(FailureKind::Unavailable)
}

const TWO: &str = "password: ENC[bad]\nusername: ENC[good]\n";

/// One of two handles fails, in whatever way, and recovers.
fn fails(name: &'static str, bad: Stored, failures: &'static [&'static str]) -> Row {
    let steps = vec![
        Step {
            put: vec![("bad", bad), ("good", value("v"))],
            failures,
            errors: &["bad"],
            resolved: &["good=v"],
            ..step(Act::Resolve("test"))
        },
        Step { failures, errors: &["bad"], ..step(Act::Refresh) },
        Step {
            put: vec![("bad", value("w"))],
            heard: &["bad @ test/password: none -> w (Refreshed)"],
            ..step(Act::Refresh)
        },
        Step {
            put: vec![("bad", down()), ("good", down())],
            resolved: &["bad=w", "good=v"],
            ..step(Act::Resolve("test"))
        },
    ];
    Row { name, given: Given::Nothing, text: TWO, steps }
}

/// A value changes that cannot be recorded: it is applied, and that is no failure of the handle.
fn unrecorded(name: &'static str, given: Given) -> Row {
    let steps = vec![
        Step { put: vec![("h", value("1"))], resolved: &["h=1"], ..step(Act::Resolve("test")) },
        step(Act::Refresh),
        Step {
            put: vec![("h", value("2"))],
            errors: &["audit"],
            heard: &["h @ test/0: 1 -> 2 (Refreshed)"],
            ..step(Act::Refresh)
        },
        Step { resolved: &["h=2"], ..step(Act::Resolve("test")) },
    ];
    Row { name, given, text: "- ENC[h]\n", steps }
}

fn rows() -> Vec<Row> {
    vec![
        fails("missing", Stored::Silence, &["bad @ test/password: missing"]),
        fails("empty", value(""), &["bad @ test/password: empty"]),
        fails("refused", no(FailureKind::Other), &["bad @ test/password: backend_error"]),
        fails("no sense", Stored::Twice("v".to_owned()), &["bad @ test/password: invalid_response"]),
        Row {
            name: "nothing can be asked",
            given: Given::Nothing,
            text: TWO,
            steps: vec![
                Step {
                    put: vec![("bad", down()), ("good", down())],
                    failures: &["bad @ test/password: backend_error", "good @ test/username: backend_error"],
                    errors: &["bad", "good"],
                    ..step(Act::Resolve("test"))
                },
                Step {
                    put: vec![("bad", value("w")), ("good", value("v"))],
                    resolved: &["bad=w", "good=v"],
                    heard: &[
                        "bad @ test/password: none -> w (Resolved)",
                        "good @ test/username: none -> v (Resolved)",
                    ],
                    ..step(Act::Resolve("other"))
                },
            ],
        },
        Row {
            name: "of one backend of several",
            given: Given::Nothing,
            text: "- ENC[file;good]\n- ENC[file;missing]\n- ENC[vault;down]\n",
            steps: vec![Step {
                put: vec![
                    ("file;good", value("v")),
                    ("file;missing", Stored::Silence),
                    ("vault;down", down()),
                ],
                failures: &["file;missing @ test/1: missing", "vault;down @ test/2: backend_error"],
                errors: &["file;missing", "vault;down"],
                resolved: &["file;good=v"],
                ..step(Act::Resolve("test"))
            }],
        },
        Row {
            name: "recovery and removal",
            given: Given::Nothing,
            text: "- ENC[h]\n",
            steps: vec![
                Step {
                    put: vec![("h", Stored::Silence)],
                    failures: &["h @ first/0: missing"],
                    errors: &["h"],
                    ..step(Act::Resolve("first"))
                },
                Step {
                    failures: &["h @ first/0: missing", "h @ second/0: missing"],
                    errors: &["h"],
                    ..step(Act::Resolve("second"))
                },
                Step {
                    failures: &["h @ first/0: missing", "h @ second/0: missing"],
                    errors: &["h"],
                    ..step(Act::Resolve("first"))
                },
                Step { failures: &["h @ second/0: missing"], ..step(Act::Remove("first")) },
                // A value is taken as it is, whatever it looks like.
                Step {
                    put: vec![("h", value("ENC[literal-value]"))],
                    heard: &["h @ second/0: none -> ENC[literal-value] (Refreshed)"],
                    ..step(Act::Refresh)
                },
                Step {
                    put: vec![("h", Stored::Silence)],
                    failures: &["h @ second/0: missing (cached)"],
                    errors: &["h"],
                    ..step(Act::Refresh)
                },
                step(Act::Remove("second")),
                // Nobody uses it: nobody asks for it.
                step(Act::Refresh),
                // It is still there for who comes back.
                Step { resolved: &["h=ENC[literal-value]"], ..step(Act::Resolve("second")) },
            ],
        },
        Row {
            name: "cleared by a fetch of the same value, and not by a known one",
            given: Given::Nothing,
            text: "- ENC[h]\n",
            steps: vec![
                Step { put: vec![("h", value("v"))], resolved: &["h=v"], ..step(Act::Resolve("test")) },
                Step {
                    put: vec![("h", down())],
                    failures: &["h @ test/0: backend_error (cached)"],
                    errors: &["h"],
                    ..step(Act::Refresh)
                },
                Step {
                    failures: &["h @ test/0: backend_error (cached)"],
                    resolved: &["h=v"],
                    ..step(Act::Resolve("test"))
                },
                Step { put: vec![("h", value("v"))], ..step(Act::Refresh) },
                Step { resolved: &["h=v"], ..step(Act::Resolve("test")) },
            ],
        },
        Row {
            name: "without a backend nothing is looked up, and nothing fails",
            given: Given::Off,
            text: "- ENC[h]\n",
            steps: vec![step(Act::Resolve("test")), step(Act::Refresh), step(Act::Remove("test"))],
        },
        Row {
            name: "nor out of scope",
            given: Given::Scoped,
            text: "- ENC[k8s_secret@other/name/key]\n",
            steps: vec![step(Act::Resolve("test")), step(Act::Refresh), step(Act::Remove("test"))],
        },
        unrecorded("the audit file is a folder", Given::AuditFileIsFolder),
        unrecorded("the audit file has no folder", Given::NoAuditFolder),
    ]
}

fn live(given: Given, store: Arc<Store>, folder: &Path) -> Live {
    let audit = |folder: &Path| Arc::new(AuditFile::new(folder, &Settings::default()));
    match given {
        Given::Nothing => Live::builder(store).build().unwrap(),
        Given::Off => Live::off().build().unwrap(),
        Given::Scoped => {
            let scope = ScopeSettings { to_own_namespace: true, ..ScopeSettings::default() };
            let settings = Settings { scope, ..Settings::default() };
            Live::builder(store).settings(settings).build().unwrap()
        }
        Given::AuditFileIsFolder => {
            std::fs::create_dir(folder.join("secret-audit-file.json")).unwrap();
            Live::builder(store).audit(audit(folder)).build().unwrap()
        }
        Given::NoAuditFolder => Live::builder(store).audit(audit(&folder.join("none"))).build().unwrap(),
    }
}

fn shown(failures: &[ResolutionFailure]) -> Vec<String> {
    let shown = |failure: &ResolutionFailure| {
        let ResolutionFailure { handle, origin, path, reason, has_cached_value, .. } = failure;
        format!("{handle} @ {origin}/{path}: {reason}{}", if *has_cached_value { " (cached)" } else { "" })
    };
    failures.iter().map(shown).collect()
}

/// Does it; says what its errors are, and what the answer has a value for.
async fn act(live: &Live, row: &Row, act: &Act) -> (Vec<String>, Vec<String>) {
    match act {
        Act::Resolve(name) => {
            let namespace = (row.given == Given::Scoped).then(|| "pod".into());
            let origin = Origin { namespace, ..Origin::new(*name) };
            let answer = live.resolve(row.text.as_bytes(), &origin).await.unwrap();
            let failed = answer.failures.iter().map(|failure| failure.handle.to_string()).collect();
            let resolved = answer.resolved.iter();
            let resolved =
                resolved.map(|place| format!("{}={}", place.handle(), place.value().expose_secret()));
            (failed, resolved.collect())
        }
        Act::Refresh => {
            let Err(error) = live.refresh_now().await else { return Default::default() };
            if error.audit.is_some() {
                assert_eq!(error.report.reloaded.len(), 1, "it is done all the same");
                assert!(error.to_string().contains("secret-audit-file.json'"), "{error}");
            }
            let handles = error.failures.iter().map(|failure| failure.handle.to_string());
            (handles.chain(error.audit.iter().map(|_| "audit".to_owned())).collect(), Vec::new())
        }
        Act::Remove(name) => {
            live.remove_origin(name);
            Default::default()
        }
    }
}

#[tokio::test]
async fn the_agents_table_of_failures() {
    for row in rows() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new([]);
        let live = live(row.given, store.clone(), folder.path());
        let ear = Ear::default();
        let _heard = live.subscribe(ear.listener());
        // Whoever is told of failures knows the same after each step.
        let told = Arc::new(Mutex::new(Vec::new()));
        let _told = live.on_failures({
            let told = told.clone();
            move |failures, _| told.lock().unwrap().push(shown(failures))
        });
        for (number, step) in row.steps.iter().enumerate() {
            let at = format!("{}, step {number}", row.name);
            for (handle, stored) in &step.put {
                store.put(handle, stored.clone());
            }
            let (errors, resolved) = act(&live, &row, &step.act).await;
            assert_eq!(errors, step.errors, "{at}");
            assert_eq!(resolved, step.resolved, "{at}");
            assert_eq!(shown(&live.failures()), step.failures, "{at}");
            assert_eq!(told.lock().unwrap().last().unwrap(), step.failures, "{at}");
            assert_eq!(ear.heard(), step.heard, "{at}");
        }
        if [Given::Off, Given::Scoped].contains(&row.given) {
            assert_eq!(store.times(), 0, "{}: nobody is asked", row.name);
            assert!(told.lock().unwrap().iter().all(Vec::is_empty), "{}: {told:?}", row.name);
        }
    }
}
