//! Answers of runners that were taken over, and of those that were not.

use std::time::Duration;

use proptest::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::message::{self, Answered, Said};
use super::*;

fn handles(texts: &[&str]) -> Vec<Handle> {
    texts.iter().map(|text| Handle::new(*text)).collect()
}

fn value(handle: &str, text: &str) -> Resolved {
    let text = Value(SecretString::from(text));
    Resolved { handle: handle.to_owned(), outcome: Outcome::Value { text, expires_in: None } }
}

fn failure(handle: &str, message: String) -> Resolved {
    let outcome = Outcome::Failure { kind: Kind::Denied, message, retry_after: Some(1500) };
    Resolved { handle: handle.to_owned(), outcome }
}

#[test]
fn an_answer_has_each_handle_once() {
    let asked = handles(&["a", "b"]);
    let long = |more: usize| "m".repeat(MAX_MESSAGE + more);
    let rows = [
        (vec![value("a", "1"), value("b", "2")], None),
        // In any order: what belongs together is told by the handle.
        (vec![value("b", "2"), value("a", "1")], None),
        (vec![], Some(AnswerError::Count { expected: 2, found: 0 })),
        (vec![value("a", "1")], Some(AnswerError::Count { expected: 2, found: 1 })),
        (
            vec![value("a", "1"), value("b", "2"), value("c", "3")],
            Some(AnswerError::Count { expected: 2, found: 3 }),
        ),
        (vec![value("a", "1"), value("a", "2")], Some(AnswerError::Handle)),
        (vec![value("a", "1"), value("B", "2")], Some(AnswerError::Handle)),
        (vec![value("a", "1"), value("", "2")], Some(AnswerError::Handle)),
        (vec![value("a", "1"), failure("b", long(1))], Some(AnswerError::Message { found: MAX_MESSAGE + 1 })),
    ];
    for (answered, expected) in rows {
        let shown = format!("{answered:?}");
        assert!(!shown.contains('1') || !shown.contains("\"1\""), "no value is shown: {shown}");
        match (resolutions(&asked, answered), expected) {
            (Ok(resolutions), None) => {
                let found = resolutions.iter().map(|resolution| {
                    let value = resolution.outcome.as_ref().unwrap();
                    (resolution.handle.as_str(), value.value.expose_secret())
                });
                assert_eq!(found.collect::<Vec<_>>(), [("a", "1"), ("b", "2")], "{shown}");
            }
            (Err(error), Some(expected)) => assert_eq!(error, expected, "{shown}"),
            (found, expected) => panic!("{found:?}, expected {expected:?}: {shown}"),
        }
    }
    let longest = resolutions(&asked, vec![value("a", "1"), failure("b", long(0))]).unwrap();
    let failed = longest[1].outcome.as_ref().unwrap_err();
    assert_eq!((failed.kind, failed.retry_after), (FailureKind::Denied, Some(Duration::from_millis(1500))));
}

/// Every kind is another word on the pipe, and the same kind behind it.
#[test]
fn a_failure_keeps_its_kind() {
    use FailureKind::{Denied, InvalidAnswer, InvalidHandle, NotFound, Other, Unavailable};
    for (kind, word) in [
        (NotFound, "not_found"),
        (Denied, "denied"),
        (InvalidHandle, "invalid_handle"),
        (InvalidAnswer, "invalid_answer"),
        (Unavailable, "unavailable"),
        (Other, "other"),
    ] {
        let outcome = Err(Failure::new(kind, "no"));
        let sent = resolved(Resolution { handle: Handle::new("a"), outcome });
        let said = serde_json::to_value(&sent).unwrap();
        assert_eq!(said["outcome"]["failure"]["kind"], word);
        let received = resolutions(&handles(&["a"]), vec![serde_json::from_value(said).unwrap()]).unwrap();
        assert_eq!(received[0].outcome.as_ref().unwrap_err().kind, kind);
    }
}

/// What is no message of this protocol, however near it comes.
#[test]
fn what_is_no_message_is_refused() {
    let rows = [
        "",
        "null",
        "{}",
        "[]",
        "\"ready\"",
        r#"{"ready":{}}"#,
        r#"{"ready":{"faults":[],"calls":-1}}"#,
        r#"{"ready":{"faults":[],"calls":4294967296}}"#,
        r#"{"ready":{"faults":[],"calls":1,"more":1}}"#,
        r#"{"ready":{"faults":[],"calls":1},"answer":{"id":1,"resolutions":[],"faults":[]}}"#,
        r#"{"ready":{"faults":[],"calls":1}} "#.trim_end_matches("} "),
        r#"{"ready":{"faults":[],"calls":1}}{}"#,
        r#"{"stop":{}}"#,
        r#"{"answer":{"id":1,"resolutions":[]}}"#,
        r#"{"answer":{"id":"1","resolutions":[],"faults":[]}}"#,
        r#"{"answer":{"id":18446744073709551616,"resolutions":[],"faults":[]}}"#,
        r#"{"answer":{"id":1,"id":1,"resolutions":[],"faults":[]}}"#,
        r#"{"answer":{"id":1,"resolutions":[{"handle":"a"}],"faults":[]}}"#,
        r#"{"answer":{"id":1,"resolutions":[{"handle":"a","outcome":{"value":{"text":1}}}],"faults":[]}}"#,
        r#"{"answer":{"id":1,"resolutions":[{"handle":"a","outcome":{"value":{"text":"\ud800"}}}],"faults":[]}}"#,
        r#"{"answer":{"id":1,"resolutions":[{"handle":"a","outcome":{"failure":{"kind":"none","message":""}}}],"faults":[]}}"#,
        r#"{"event":{"formatted":{"provider":"a"}}}"#,
        r#"{"event":{"guest_log_dropped":{"provider":"a","lines":-1}}}"#,
        "\u{feff}{}",
        "\u{0}",
    ];
    for text in rows {
        let error = message::parse::<Said>(text.as_bytes()).expect_err(text).to_string();
        assert_eq!(error, format!("{} bytes that are no message", text.len()), "nothing of it is said");
    }
    assert!(message::parse::<Said>(b"{\"ready\":{\"faults\":[],\"calls\":1}}").is_ok());
    assert!(message::parse::<Said>(&[0xff, 0xfe]).is_err());
    let deep = "[".repeat(1 << 20);
    assert!(message::parse::<Said>(deep.as_bytes()).is_err(), "and no stack overflows");
}

fn kind() -> impl Strategy<Value = FailureKind> {
    use FailureKind::{Denied, InvalidAnswer, InvalidHandle, NotFound, Other, Unavailable};
    prop::sample::select(vec![NotFound, Denied, InvalidHandle, InvalidAnswer, Unavailable, Other])
}

type Plain = Result<(String, Option<u64>), (FailureKind, String, Option<u64>)>;

fn outcome() -> impl Strategy<Value = Plain> {
    prop_oneof![
        (any::<String>(), any::<Option<u64>>()).prop_map(Ok),
        (kind(), any::<String>(), any::<Option<u64>>()).prop_map(Err),
    ]
}

fn resolution(handle: &str, plain: &Plain) -> Resolution {
    let after = |millis: &Option<u64>| millis.map(Duration::from_millis);
    let outcome = match plain {
        Ok((text, expires)) => {
            Ok(Secret { value: SecretString::from(text.as_str()), expires_in: after(expires) })
        }
        Err((kind, message, retry)) => {
            Err(Failure { kind: *kind, message: message.clone(), retry_after: after(retry) })
        }
    };
    Resolution { handle: Handle::new(handle), outcome }
}

fn plain(resolution: &Resolution) -> (String, Plain) {
    let millis = |after: Option<Duration>| after.map(|after| u64::try_from(after.as_millis()).unwrap());
    let outcome = match &resolution.outcome {
        Ok(secret) => Ok((secret.value.expose_secret().to_owned(), millis(secret.expires_in))),
        Err(failure) => Err((failure.kind, failure.message.clone(), millis(failure.retry_after))),
    };
    (resolution.handle.as_str().to_owned(), outcome)
}

proptest! {
    /// Through JSON and back: every text, of every length, byte for byte.
    #[test]
    fn what_is_answered_is_what_was_resolved(
        batch in prop::collection::btree_map(any::<String>(), outcome(), 0..8),
        id in any::<u64>(),
    ) {
        let resolved = batch.iter().map(|(handle, plain)| resolved(resolution(handle, plain))).collect();
        let frame = message::write(&Said::Answer(Answered { id, resolutions: resolved, faults: vec![] })).unwrap();
        let Said::Answer(answered) = message::parse(&frame[4..]).unwrap() else { panic!("another message") };
        prop_assert_eq!(answered.id, id);
        let asked: Vec<Handle> = batch.keys().map(|handle| Handle::new(handle.as_str())).collect();
        let found = resolutions(&asked, answered.resolutions).unwrap();
        let found: Vec<(String, Plain)> = found.iter().map(plain).collect();
        prop_assert_eq!(found, batch.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn whatever_is_parsed_ends_in_a_message_or_an_error(text in any::<String>()) {
        let _ = message::parse::<Said>(text.as_bytes());
    }
}
