//! Resolving with a memory: what is asked, what stands in the text, what is known of places afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::store::{Ear, Store, Stored};
use portcullis_secrets::{Answer, FailureKind, Live, Origin, ScopeSettings, Settings, Snapshot, Variables};

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.text).unwrap()
}

fn told(name: &str) -> Origin {
    Origin { notify: true, ..Origin::new(name) }
}

/// `handle: origin/path, …` of every handle.
fn places(snapshot: &Snapshot) -> Vec<String> {
    snapshot
        .handles
        .iter()
        .map(|(handle, places)| {
            let places: Vec<String> =
                places.iter().map(|(origin, path)| format!("{origin}/{path}")).collect();
            format!("{handle}: {}", places.join(", "))
        })
        .collect()
}

struct Row {
    name: &'static str,
    /// Resolved before, by another origin.
    known: &'static str,
    text: &'static str,
    resolved: &'static str,
    asked: &'static [&'static [&'static str]],
    places: &'static [&'static str],
}

const ROWS: [Row; 10] = [
    Row {
        name: "simple",
        known: "",
        text: "secret_backend_arguments:\n- ENC[pass1]\n",
        resolved: "secret_backend_arguments:\n- \"password1\"\n",
        asked: &[&["pass1"]],
        places: &["pass1: test/secret_backend_arguments/0"],
    },
    Row {
        name: "a dash stays a string",
        known: "",
        text: "some:\n  a: ENC[pass1]\n  b: '-'\n",
        resolved: "some:\n  a: \"password1\"\n  b: '-'\n",
        asked: &[&["pass1"]],
        places: &["pass1: test/some/a"],
    },
    Row {
        name: "index into a list",
        known: "",
        text: "additional_endpoints:\n  http://example.com:\n  - ENC[pass1]\n  - data\n",
        resolved: "additional_endpoints:\n  http://example.com:\n  - \"password1\"\n  - data\n",
        asked: &[&["pass1"]],
        places: &["pass1: test/additional_endpoints/http://example.com/0"],
    },
    Row {
        name: "several lines",
        known: "",
        text: "key: ENC[lines]\n",
        resolved: "key: \"password\\n1\\n\"\n",
        asked: &[&["lines"]],
        places: &["lines: test/key"],
    },
    Row {
        name: "nested",
        known: "",
        text: "some: {encoded: {data: 'ENC[pass1]'}}\n",
        resolved: "some: {encoded: {data: \"password1\"}}\n",
        asked: &[&["pass1"]],
        places: &["pass1: test/some/encoded/data"],
    },
    Row {
        name: "with a sibling",
        known: "",
        text: "some:\n  encoded:\n  - data: ENC[pass1]\n    sibling: text\n",
        resolved: "some:\n  encoded:\n  - data: \"password1\"\n    sibling: text\n",
        asked: &[&["pass1"]],
        places: &["pass1: test/some/encoded/0/data"],
    },
    Row {
        name: "nothing known",
        known: "",
        text: "instances:\n- password: ENC[pass1]\n- password: ENC[pass2]\n",
        resolved: "instances:\n- password: \"password1\"\n- password: \"password2\"\n",
        asked: &[&["pass1", "pass2"]],
        places: &["pass1: test/instances/0/password", "pass2: test/instances/1/password"],
    },
    Row {
        name: "one known",
        known: "- ENC[pass1]\n",
        text: "instances:\n- password: ENC[pass1]\n- password: ENC[pass2]\n",
        resolved: "instances:\n- password: \"password1\"\n- password: \"password2\"\n",
        asked: &[&["pass2"]],
        places: &["pass1: test/instances/0/password", "pass2: test/instances/1/password"],
    },
    Row {
        name: "all known",
        known: "- ENC[pass1]\n- ENC[pass2]\n",
        text: "instances:\n- password: ENC[pass1]\n- password: ENC[pass2]\n",
        resolved: "instances:\n- password: \"password1\"\n- password: \"password2\"\n",
        asked: &[],
        places: &["pass1: test/instances/0/password", "pass2: test/instances/1/password"],
    },
    Row {
        name: "one handle in two places, and a value that looks like a reference",
        known: "- ENC[pass1]\n",
        text: "instances:\n- password: ENC[looks]\n- ['ENC[looks]', 'ENC[pass1]']\n",
        resolved: "instances:\n- password: \"ENC[pass1]\"\n- [\"ENC[pass1]\", \"password1\"]\n",
        asked: &[&["looks"]],
        places: &["looks: test/instances/0/password, test/instances/1/0", "pass1: test/instances/1/1"],
    },
];

fn store() -> std::sync::Arc<Store> {
    Store::new([
        ("pass1", "password1"),
        ("pass2", "password2"),
        ("lines", "password\n1\n"),
        ("looks", "ENC[pass1]"),
    ])
}

#[tokio::test]
async fn the_agents_table_of_resolve() {
    for row in ROWS {
        let store = store();
        let live = Live::builder(store.clone()).build().unwrap();
        live.resolve(row.known.as_bytes(), &Origin::new("earlier")).await.unwrap();
        live.remove_origin("earlier");
        store.asked();
        let answer = live.resolve(row.text.as_bytes(), &Origin::new("test")).await.unwrap();
        assert_eq!(text(&answer), row.resolved, "{}", row.name);
        assert_eq!(store.asked(), row.asked, "{}", row.name);
        assert_eq!(places(&live.snapshot()), row.places, "{}", row.name);
        assert!(answer.failures.is_empty() && answer.refused.is_empty(), "{}", row.name);
    }
}

#[tokio::test]
async fn the_agents_table_of_removal() {
    /// What is removed; how many configurations are left, and which places.
    const STEPS: [(&str, usize, &[&str]); 6] = [
        ("2", 2, &["pass1: 1/password", "pass2: 1/other", "pass3: 3/0"]),
        ("unknown", 2, &["pass1: 1/password", "pass2: 1/other", "pass3: 3/0"]),
        ("2", 2, &["pass1: 1/password", "pass2: 1/other", "pass3: 3/0"]),
        ("1", 1, &["pass3: 3/0"]),
        ("3", 0, &[]),
        ("3", 0, &[]),
    ];
    let store = Store::new([("pass1", "password1"), ("pass2", "password2"), ("pass3", "password3")]);
    let live = Live::builder(store.clone()).build().unwrap();
    for (origin, source) in [
        ("1", "password: ENC[pass1]\nother: ENC[pass2]\n"),
        ("2", "- ENC[pass2]\n- [a, 'ENC[pass1]']\n"),
        ("3", "- ENC[pass3]\n"),
    ] {
        live.resolve(source.as_bytes(), &Origin::new(origin)).await.unwrap();
    }
    assert_eq!(places(&live.snapshot()), ["pass1: 1/password, 2/1/1", "pass2: 1/other, 2/0", "pass3: 3/0"]);
    store.asked();
    for (removed, origins, after) in STEPS {
        live.remove_origin(removed);
        assert_eq!(places(&live.snapshot()), after, "after {removed}");
        // What is left is what a refresh is for; values stay for a while.
        let left: Vec<&str> = after.iter().map(|line| line.split_once(':').unwrap().0).collect();
        assert_eq!(live.refresh_now().await.unwrap().candidates, left.len(), "after {removed}");
        assert_eq!(store.asked().concat(), left, "after {removed}");
        let counts = live.counts();
        assert_eq!(
            (counts.origins, counts.places, counts.cached),
            (origins, after.len(), 3),
            "after {removed}"
        );
    }
}

#[tokio::test]
async fn without_a_backend_every_text_comes_back() {
    let live = Live::off().build().unwrap();
    for source in ["a: ENC[x]\n", "a: [\n", "\u{0}"] {
        let answer = live.resolve(source.as_bytes(), &told("test")).await.unwrap();
        assert_eq!(text(&answer), source);
    }
    assert!(!live.snapshot().enabled && live.snapshot().handles.is_empty());
    assert!(!live.request_refresh());
    assert_eq!(live.refresh_now().await.unwrap().to_string(), "");
}

#[tokio::test]
async fn each_path_is_told_once_with_its_value() {
    let store = store();
    let live = Live::builder(store).build().unwrap();
    live.resolve(b"- ENC[pass2]\n", &Origin::new("earlier")).await.unwrap();
    let ear = Ear::default();
    let _told = live.subscribe(ear.listener());
    let source = b"top: ENC[pass1]\nmid: {low: ['ENC[pass2]', 'ENC[pass1]']}\n";
    live.resolve(source, &told("test")).await.unwrap();
    assert_eq!(
        ear.heard(),
        [
            "pass1 @ test/mid/low/1: none -> password1 (Resolved)",
            "pass1 @ test/top: none -> password1 (Resolved)",
            "pass2 @ test/mid/low/0: none -> password2 (Cached)",
        ]
    );
    live.resolve(source, &Origin::new("test")).await.unwrap();
    live.resolve(b"- ENC[lines]\n", &Origin::new("test")).await.unwrap();
    assert!(ear.heard().is_empty(), "nobody is told where nobody wants to be");
}

#[tokio::test]
async fn a_failure_is_of_its_handle_and_is_gone_when_the_handle_recovers() {
    let store = store();
    store.put("silent", Stored::Silence);
    store.set("empty", "");
    store.put("twice", Stored::Twice("v".to_owned()));
    store.fail("bad", FailureKind::Denied, "some error");
    let live = Live::builder(store.clone()).build().unwrap();
    let source = "- ENC[silent]\n- ENC[empty]\n- ENC[pass1]\n- ENC[twice]\n- ENC[bad]\n";
    let answer = live.resolve(source.as_bytes(), &Origin::new("test")).await.unwrap();
    assert_eq!(text(&answer), "- ENC[silent]\n- ENC[empty]\n- \"password1\"\n- ENC[twice]\n- ENC[bad]\n");
    assert_eq!(
        answer.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "handle \"silent\": secret handle 'silent' was not resolved by the secret_backend_command. Ensure your \
             script returns the handle in the expected JSON format.",
            "handle \"empty\": resolved secret for 'empty' is empty. Check that the secret exists in your backend and \
             has a non-empty value. If using secret_backend_remove_trailing_line_break, trailing newlines are stripped.",
            "handle \"twice\": secret handle 'twice' was answered more than once by its backend; no answer is used.",
            "handle \"bad\": some error",
        ]
    );
    let reasons = |live: &Live| {
        let failures = live.failures().into_iter();
        failures
            .map(|failure| format!("{}/{} {}", failure.origin_name, failure.path, failure.reason))
            .collect()
    };
    let before: Vec<String> = reasons(&live);
    assert_eq!(before, ["test/4 backend_error", "test/1 empty", "test/0 missing", "test/3 invalid_response"]);
    assert_eq!(live.snapshot().unresolved.len(), 4);
    for handle in ["silent", "empty", "twice", "bad"] {
        store.set(handle, "well");
    }
    live.resolve(source.as_bytes(), &Origin::new("test")).await.unwrap();
    assert!(live.failures().is_empty() && live.snapshot().unresolved.is_empty());
}

#[tokio::test]
async fn template_variables_are_part_of_the_handle_that_is_asked_for() {
    let store = Store::new([("db_10.0.0.7", "1"), ("other", "2")]);
    let scope = ScopeSettings { allowed_namespaces: ["good".to_owned()].into(), ..ScopeSettings::default() };
    let settings = Settings { scope, ..Settings::default() };
    let live = Live::builder(store.clone()).settings(settings).build().unwrap();
    let origin = Origin {
        namespace: Some("pod".into()),
        variables: Variables::new(|name| match name {
            "host" => Some("10.0.0.7".to_owned()),
            "bad" => Some("bad/secret;key".to_owned()),
            _ => None,
        }),
        ..told("check")
    };
    let source = "- ENC[db_%%host%%]\n- ENC[db_10.0.0.7]\n- ENC[%%bad%%]\n- ENC[%%no%%]\n- ENC[other]\n";
    let answer = live.resolve(source.as_bytes(), &origin).await.unwrap();
    assert_eq!(text(&answer), "- \"1\"\n- \"1\"\n- ENC[%%bad%%]\n- ENC[%%no%%]\n- \"2\"\n");
    assert_eq!(store.asked(), [["%%no%%", "db_10.0.0.7", "other"]]);
    assert_eq!(answer.refused[0].handle().as_str(), "bad/secret;key", "scope knows what is meant");
    assert_eq!(
        places(&live.snapshot()),
        ["%%no%%: check/3", "db_10.0.0.7: check/0, check/1", "other: check/4"]
    );
}

#[tokio::test]
async fn values_are_known_until_their_second_change() {
    let store = Store::new([("a", "1")]);
    let live = Live::builder(store.clone()).build().unwrap();
    live.resolve(b"- ENC[a]\n", &Origin::new("test")).await.unwrap();
    for (value, known) in [("1", ["1", "1"]), ("2", ["2", "1"]), ("3", ["3", "2"])] {
        store.set("a", value);
        live.refresh_now().await.unwrap();
        for text in ["0", "1", "2", "3", "ENC[a]", ""] {
            assert_eq!(live.is_value_from_secret(text), known.contains(&text), "{text} after {value}");
        }
    }
}

#[tokio::test]
async fn configurations_that_come_and_go_leave_little_behind() {
    let store = Store::new([]);
    let live = Live::builder(store.clone()).build().unwrap();
    for number in 0..1_500 {
        let (handle, origin) = (format!("h{number}"), Origin::new(format!("check{number}")));
        store.set(&handle, "v");
        live.resolve(format!("- ENC[{handle}]\n- ENC[missing{number}]\n").as_bytes(), &origin).await.unwrap();
        live.remove_origin(&origin.name);
    }
    let counts = live.counts();
    assert_eq!((counts.origins, counts.places, counts.handles, counts.failing), (0, 0, 0, 0));
    assert!(counts.cached <= 1_024, "{}", counts.cached);
    let times = store.times();
    live.resolve(b"- ENC[h1499]\n", &Origin::new("again")).await.unwrap();
    assert_eq!(store.times(), times, "what went last is known when it comes back");
}

/// A text that was read before is not read again: what comes of it is the same.
#[tokio::test]
async fn the_same_text_again_is_resolved_as_if_it_were_new() {
    let texts = [
        "x: ENC[a]\ny: [ENC[b], 'ENC[a]']\n",
        "x: &v ENC[a]\ny: *v\nz: { *v : 'ENC[b]' }\n",
        "x: |-\n  ENC[a]\n# end\ny: !!str ENC[b]\n",
        "{\"x\": \"ENC[a]\", \"y\": [\"ENC[\\u0062]\", 1]}",
        "instances:\n- { host: a, p: 'ENC[%%host%%]' }\n- { host: b, p: 'ENC[%%host%%]' }\n",
        "x: ENC[none]\n",
        "x: 1\n",
    ]
    .map(|text| text.replace("[ENC[b], ", "['ENC[b]', "));
    let store = Store::new([("a", "first"), ("b", "second")]);
    let live = Live::builder(store.clone()).build().unwrap();
    for round in 0..3 {
        for (number, text) in texts.iter().enumerate() {
            // The second round has each text under a name that another one had before.
            let origin = Origin::new(format!("test{}", (number + round / 2) % texts.len()));
            let fresh = Live::builder(store.clone()).build().unwrap();
            for _ in 0..2 {
                let expected = fresh.resolve(text.as_bytes(), &origin).await.unwrap();
                let answer = live.resolve(text.as_bytes(), &origin).await.unwrap();
                assert_eq!(self::text(&answer), self::text(&expected), "{round} {origin:?}");
                assert_eq!(answer.failures.len(), expected.failures.len());
                let own = |live: &Live| {
                    let all = places(&live.snapshot());
                    all.iter().filter(|place| place.contains(&*origin.name)).count()
                };
                assert!(own(&live) >= own(&fresh));
            }
        }
        store.set("a", &format!("other{round}"));
        live.refresh_now().await.unwrap_err();
    }
}
