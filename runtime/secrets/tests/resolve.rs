//! The whole way: scan, ask once, splice; and what happens to each answer that is not a value.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use portcullis_secrets::{
    Backend, Document, Failure, FailureKind, Format, Handle, Resolution, ResolutionFuture, Resolved, Secret,
    resolve_document,
};

/// Answers as its table says, and remembers what it was asked.
struct Table {
    answers: Vec<Resolution>,
    asked: Mutex<Vec<Vec<String>>>,
}

impl Table {
    fn new(answers: impl IntoIterator<Item = (&'static str, Result<&'static str, Failure>)>) -> Self {
        let answers = answers
            .into_iter()
            .map(|(handle, outcome)| Resolution {
                handle: Handle::new(handle),
                outcome: outcome.map(Secret::new),
            })
            .collect();
        Self { answers, asked: Mutex::default() }
    }
}

impl Backend for Table {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(async move {
            self.asked
                .lock()
                .unwrap()
                .push(handles.iter().map(|handle| handle.as_str().to_owned()).collect());
            self.answers.clone()
        })
    }
}

fn resolve<'d>(document: &'d Document<'_>, backend: &dyn Backend) -> Resolved<'d> {
    match pin!(resolve_document(document, backend)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(resolved) => resolved,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn scan(text: &str) -> Document<'_> {
    Document::scan("test", text.as_bytes(), Format::Yaml).unwrap()
}

fn text(resolved: &Resolved<'_>) -> String {
    String::from_utf8(resolved.text.to_vec()).unwrap()
}

#[test]
fn a_handle_is_asked_for_once_and_replaced_everywhere() {
    let document = scan("- ENC[b]\n- ENC[a]\n- ENC[b]\n- &x ENC[a]\n- *x\n");
    let backend = Table::new([("a", Ok("1")), ("b", Ok("2"))]);
    let resolved = resolve(&document, &backend);
    assert_eq!(text(&resolved), "- \"2\"\n- \"1\"\n- \"2\"\n- &x \"1\"\n- *x\n");
    assert!(resolved.failures.is_empty());
    assert_eq!(*backend.asked.lock().unwrap(), [["b", "a"]]);
}

#[test]
fn without_handles_nobody_is_asked() {
    let document = scan("a: 1 # ENC[x]\n");
    let backend = Table::new([]);
    assert_eq!(text(&resolve(&document, &backend)), "a: 1 # ENC[x]\n");
    assert!(backend.asked.lock().unwrap().is_empty());
}

#[test]
fn a_failure_leaves_its_own_references_and_no_others() {
    let denied =
        Failure { retry_after: Some(Duration::from_secs(5)), ..Failure::new(FailureKind::Denied, "no") };
    for (answers, message) in [
        (vec![("good", Ok("v")), ("bad", Err(denied.clone()))], "no"),
        (
            vec![("bad", Ok("")), ("good", Ok("v"))],
            "resolved secret for 'bad' is empty. Check that the secret exists in your backend and has a non-empty \
             value. If using secret_backend_remove_trailing_line_break, trailing newlines are stripped.",
        ),
        (
            vec![("good", Ok("v")), ("other", Ok("w"))],
            "secret handle 'bad' was not resolved by the secret_backend_command. Ensure your script returns the \
             handle in the expected JSON format.",
        ),
        (
            vec![("bad", Ok("1")), ("good", Ok("v")), ("bad", Ok("1"))],
            "secret handle 'bad' was answered more than once by its backend; no answer is used.",
        ),
    ] {
        let document = scan("- ENC[good]\n- ENC[bad]\n- k: 'ENC[bad]'\n");
        let backend = Table::new(answers);
        let resolved = resolve(&document, &backend);
        assert_eq!(text(&resolved), "- \"v\"\n- ENC[bad]\n- k: 'ENC[bad]'\n");
        let [failure] = resolved.failures.as_slice() else { panic!("{:?}", resolved.failures) };
        assert_eq!(failure.handle.as_str(), "bad");
        assert_eq!(
            failure.places.iter().map(|place| place.path().to_string()).collect::<Vec<_>>(),
            ["1", "2/k"]
        );
        assert_eq!(failure.failure.to_string(), message);
    }
}

#[test]
fn failures_keep_kind_and_advice_and_come_in_the_order_of_the_text() {
    let failure = Failure {
        retry_after: Some(Duration::from_secs(5)),
        ..Failure::new(FailureKind::Unavailable, "later")
    };
    struct Down(Failure);
    impl Backend for Down {
        fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
            Box::pin(async move { Resolution::all_failed(handles, &self.0) })
        }
    }
    let document = scan("- ENC[z]\n- ENC[a]\n");
    let resolved = resolve(&document, &Down(failure.clone()));
    let found: Vec<_> =
        resolved.failures.iter().map(|entry| (entry.handle.as_str(), &entry.failure)).collect();
    assert_eq!(found, [("z", &failure), ("a", &failure)]);
    assert_eq!(text(&resolved), "- ENC[z]\n- ENC[a]\n");
}

#[test]
fn a_value_that_looks_like_a_reference_is_a_string() {
    let document = scan("- ENC[a]\n- ENC[b]\n");
    let backend = Table::new([("a", Ok("ENC[b]")), ("b", Ok("ENC[a]"))]);
    let resolved = resolve(&document, &backend);
    assert_eq!(text(&resolved), "- \"ENC[b]\"\n- \"ENC[a]\"\n");
    assert_eq!(backend.asked.lock().unwrap().len(), 1);
}

#[test]
fn a_message_is_shown_on_one_line_and_kept_as_it_is() {
    let failure = Failure::new(FailureKind::Other, "first\nsecond\u{1b}[2J");
    assert_eq!(failure.to_string(), "first\\nsecond\\u{1b}[2J");
    assert_eq!(failure.message, "first\nsecond\u{1b}[2J");
}
