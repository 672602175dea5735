//! No value shows in what this crate shows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use common::values;
use portcullis_secrets::{
    AuditFile, Backend, Document, Failure, FailureKind, Format, Handle, Live, Origin, Resolution,
    ResolutionFuture, Secret, Settings, resolve_document,
};

const MARKER: &str = "m4rk3r-that-must-not-show";

struct Marked;

impl Backend for Marked {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        let answer = |handle: &Handle| Resolution {
            handle: handle.clone(),
            outcome: match handle.as_str() {
                "bad" => Err(Failure::new(FailureKind::NotFound, "no such secret")),
                _ => Ok(Secret::new(MARKER)),
            },
        };
        // The second answer for "twice" makes it a failure that knows two values.
        let twice = handles.iter().filter(|handle| handle.as_str() == "twice");
        let answers = handles.iter().chain(twice).map(answer).collect();
        Box::pin(std::future::ready(answers))
    }
}

#[test]
fn values_show_nowhere() {
    // A configuration has plain-text secrets of its own: those do not show either.
    let source = format!("a: ENC[good]\nb: ENC[bad]\nc: ENC[twice]\nplain: {MARKER}\n");
    let document = Document::scan("test", source.as_bytes(), Format::Yaml).unwrap();
    let Poll::Ready(resolved) =
        pin!(resolve_document(&document, &Marked)).poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("nothing here waits")
    };
    let text = String::from_utf8(resolved.text.to_vec()).unwrap();
    assert_eq!(text.matches(MARKER).count(), 2, "one value, one plain text: {text}");
    assert_eq!(resolved.failures.len(), 2);

    let mut shown = vec![
        format!("{document:?}"),
        format!("{resolved:?} {:#?}", resolved.failures),
        format!("{:?}", values([("a", MARKER)])),
        format!("{:?}", Secret::new(MARKER)),
        format!("{:?}", Resolution { handle: Handle::new("a"), outcome: Ok(Secret::new(MARKER)) }),
    ];
    shown.extend(resolved.failures.iter().map(|entry| format!("{} {:?}", entry.failure, entry.failure)));
    shown.extend(document.places().map(|place| format!("{place:?} {}", place.path())));
    for text in shown {
        assert!(!text.contains(MARKER), "{text}");
    }
}

#[test]
fn scan_errors_show_no_text_of_the_document() {
    for text in [
        format!("a: ENC[x]\nb: [{MARKER}\n"),
        format!("a: ENC[x]\nb: *{MARKER}\n"),
        format!("a: ENC[x]\nb: !{MARKER}!x 1\n"),
        format!("a: ENC[x]\n{MARKER}\n"),
        format!("a: ENC[x]\nb: \"{MARKER}\n"),
        format!("a: ENC[x]\nb: \"\\q{MARKER}\"\n"),
        format!("%{MARKER} x\n%YAML 1.1\n%YAML 1.1\n---\na: ENC[x]\n"),
    ] {
        for format in [Format::Yaml, Format::Json] {
            let error = Document::scan("test", text.as_bytes(), format).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(MARKER), "{error}");
        }
    }
}

#[tokio::test]
async fn nothing_living_shows_values() {
    let source = format!("a: ENC[good]\nb: ENC[bad]\nc: ENC[twice]\nmy_key: ENC[key]\nplain: {MARKER}\n");
    let folder = tempfile::tempdir().unwrap();
    let audit = Arc::new(AuditFile::new(folder.path(), &Settings::default()));
    let rounds = Arc::new(Rounds::default());
    let live = Live::builder(rounds).audit(audit.clone()).build().unwrap();
    let shown = Arc::new(Mutex::new(Vec::new()));
    let _subscription = live.subscribe({
        let shown = shown.clone();
        move |change| shown.lock().unwrap().push(format!("{change:?}"))
    });
    let origin = Origin { notify: true, ..Origin::new("test") };
    let answer = live.resolve(source.as_bytes(), &origin).await.unwrap();
    assert_eq!(
        String::from_utf8(answer.text.to_vec()).unwrap().matches(MARKER).count(),
        3,
        "two values, one plain text"
    );
    let error = live.refresh_now().await.unwrap_err();
    assert_eq!(error.report.reloaded.len(), 2);
    let mut shown = shown.lock().unwrap().clone();
    assert_eq!(shown.len(), 4, "two first values, two new ones");
    shown.push(std::fs::read_to_string(folder.path().join("secret-audit-file.json")).unwrap());
    shown.push(format!("{answer:?} {live:?} {origin:?} {audit:?} {error} {error:?} {}", error.report));
    shown.push(format!("{:?} {:?} {:?}", live.snapshot(), live.counts(), live.failures()));
    for text in shown {
        assert!(!text.contains(MARKER) && !text.contains(KEY), "{text}");
    }
}

/// Of the right form for an API key: shown masked.
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// As `Marked`, with other values each time.
#[derive(Default)]
struct Rounds(std::sync::atomic::AtomicUsize);

impl Backend for Rounds {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(async move {
            let round = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut answers = Marked.resolve(handles).await;
            for answer in &mut answers {
                let key = answer.handle.as_str() == "key" && round > 0;
                answer.outcome = answer
                    .outcome
                    .clone()
                    .map(|_| Secret::new(if key { KEY.to_owned() } else { format!("{MARKER}{round}") }));
            }
            answers
        })
    }
}
