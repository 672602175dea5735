//! The exec protocol.

use std::collections::BTreeMap;

use portcullis_compat::exec::{Answer, NOT_FOUND, Request, unsupported_type};
use portcullis_compat::json::{parse, write_value};
use proptest::prelude::*;

/// The request, and what stands after `failed to unmarshal input: `.
const FAULTS: &[(&str, &str)] = &[
    ("", "unexpected end of JSON input"),
    ("[]", "json: cannot unmarshal array into Go value of type secret.Input"),
    ("\"x\"", "json: cannot unmarshal string into Go value of type secret.Input"),
    (
        r#"{"secrets":"x"}"#,
        "json: cannot unmarshal string into Go struct field Input.secrets of type []string",
    ),
    (
        r#"{"secrets":{}}"#,
        "json: cannot unmarshal object into Go struct field Input.secrets of type []string",
    ),
    (r#"{"secrets":[1]}"#, "json: cannot unmarshal number into Go struct field Input.secrets of type string"),
    (
        r#"{"secrets":[["a"]]}"#,
        "json: cannot unmarshal array into Go struct field Input.secrets of type string",
    ),
    (r#"{"version":1}"#, "json: cannot unmarshal number into Go struct field Input.version of type string"),
    (r#"{"type":true}"#, "json: cannot unmarshal bool into Go struct field Input.type of type string"),
    (
        r#"{"config":[]}"#,
        "json: cannot unmarshal array into Go struct field Input.config of type map[string]interface {}",
    ),
    (
        r#"{"config":{"a":[1e999]}}"#,
        "json: cannot unmarshal number 1e999 into Go struct field Input.config of type float64",
    ),
    (
        r#"{"secret_backend_timeout":"5"}"#,
        "json: cannot unmarshal string into Go struct field Input.secret_backend_timeout of type float64",
    ),
    (
        r#"{"secret_backend_timeout":-1e999}"#,
        "json: cannot unmarshal number -1e999 into Go struct field Input.secret_backend_timeout of type float64",
    ),
    // The first fault counts, whatever the order of the fields.
    (
        r#"{"TYPE":1,"secrets":"x"}"#,
        "json: cannot unmarshal number into Go struct field Input.type of type string",
    ),
    (r#"{"secrets":["a"]} x"#, "invalid character 'x' after top-level value"),
    (r#"{"secrets":"x","type":}"#, "invalid character '}' looking for beginning of value"),
];

#[test]
fn a_bad_request_is_named() {
    for (text, message) in FAULTS {
        let error = Request::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("failed to unmarshal input: {message}"), "{text}");
    }
}

#[test]
fn handles_and_type_are_read() {
    let rows: &[(&str, &[&str], Option<&str>)] = &[
        ("{}", &[], None),
        ("null", &[], None),
        (r#"{"type":"nope","secrets":["a","b"]}"#, &["a", "b"], Some("nope")),
        (r#"{"secrets":["a"]}"#, &["a"], None),
        (r#"{"secrets":["a"],"type":""}"#, &["a"], Some("")),
        (r#"{"SECRETS":["a"],"Type":"x"}"#, &["a"], Some("x")),
        ("{\"\u{17f}ecrets\":[\"a\"]}", &["a"], None),
        (r#"{"secrets":["a",null]}"#, &["a", ""], None),
        (r#"{"secrets":["key1","key1"]}"#, &["key1", "key1"], None),
        (r#"{"secrets":["a"],"secrets":["b"]}"#, &["b"], None),
        (r#"{"type":"a","type":null,"version":null,"secrets":null}"#, &[], Some("a")),
        (r#"{"version":"7","unknown":[{"type":1}],"secrets":["a;b"]}"#, &["a;b"], None),
    ];
    for (text, handles, backend_type) in rows {
        let request = Request::parse(text.as_bytes()).unwrap();
        assert_eq!(request.handles(), *handles, "{text}");
        assert_eq!(request.backend_type(), *backend_type, "{text}");
    }
}

#[test]
fn settings_are_read() {
    let rows = [
        ("{}", None),
        (r#"{"config":null}"#, None),
        (r#"{"config":{"a":1},"config":null}"#, None),
        (r#"{"config":{}}"#, Some("{}")),
        (r#"{"Config":{"a":{"b":1.50}}}"#, Some(r#"{"a":{"b":1.50}}"#)),
        (r#"{"config":{"a":1},"CONFIG":{"b":2}}"#, Some(r#"{"a":1,"b":2}"#)),
    ];
    for (text, expected) in rows {
        let request = Request::parse(text.as_bytes()).unwrap();
        let written = request.config().map(|config| {
            let mut out = String::new();
            write_value(&mut out, config);
            out
        });
        assert_eq!(written.as_deref(), expected, "{text}");
    }
}

#[test]
fn the_timeout_is_whole_seconds() {
    let rows = [
        ("0.5", 0),
        ("1.9", 1),
        ("5", 5),
        ("-1", 30),
        ("0", 30),
        ("-0.5", 30),
        ("null", 30),
        ("1e99", 3_155_760_000),
    ];
    for (given, seconds) in rows {
        let text = format!(r#"{{"secret_backend_timeout":{given}}}"#);
        assert_eq!(Request::parse(text.as_bytes()).unwrap().timeout().as_secs(), seconds, "{given}");
    }
    assert_eq!(Request::parse(b"{}").unwrap().timeout().as_secs(), 30);
}

#[test]
fn answers_are_sorted_and_escaped() {
    type Outcomes = &'static [(&'static str, Result<&'static str, &'static str>)];
    let rows: &[(Outcomes, &str)] = &[
        (&[], "{}"),
        (
            &[("h", Err(NOT_FOUND))],
            r#"{"h":{"value":null,"error":"backend does not provide requested secret"}}"#,
        ),
        (
            &[("b", Ok("1")), ("B", Ok("2")), ("é", Ok("3")), ("a", Err("no"))],
            r#"{"B":{"value":"2","error":null},"a":{"value":null,"error":"no"},"b":{"value":"1","error":null},"é":{"value":"3","error":null}}"#,
        ),
        (&[("k", Err("first")), ("k", Ok("last"))], r#"{"k":{"value":"last","error":null}}"#),
        (
            &[("<k>", Ok("<a&b>\u{2028}\u{1}\t\n"))],
            r#"{"\u003ck\u003e":{"value":"\u003ca\u0026b\u003e\u2028\u0001\t\n","error":null}}"#,
        ),
    ];
    for (outcomes, expected) in rows {
        let mut answer = Answer::default();
        outcomes.iter().for_each(|(handle, outcome)| answer.insert(handle, *outcome));
        let mut out = String::new();
        answer.render_into(&mut out);
        assert_eq!(out, *expected);
        assert_eq!(out.len(), answer.rendered_len());
    }
    assert_eq!(unsupported_type(""), "unsupported backend type: ");
}

#[test]
fn debug_shows_no_value() {
    let mut answer = Answer::default();
    answer.insert("db", Ok("hunter2"));
    assert_eq!(format!("{answer:?}"), r#"{"db": Ok("********")}"#);
    let request = Request::parse(br#"{"config":{"vault_token":"hunter2","pin":4711}}"#).unwrap();
    let shown = format!("{request:?}");
    assert!(
        shown.contains("vault_token") && !shown.contains("hunter2") && !shown.contains("4711"),
        "{shown}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_reads_back(outcomes in prop::collection::btree_map(any::<String>(), any::<Result<String, String>>(), 0..6)) {
        let mut answer = Answer::default();
        for (handle, outcome) in &outcomes {
            answer.insert(handle, outcome.as_deref().map_err(String::as_str));
        }
        let mut out = String::with_capacity(answer.rendered_len());
        let room = out.capacity();
        answer.render_into(&mut out);
        prop_assert_eq!((out.len(), out.capacity()), (answer.rendered_len(), room));
        let read: BTreeMap<String, BTreeMap<String, Option<String>>> = serde_json::from_str(&out).unwrap();
        prop_assert_eq!(read.len(), outcomes.len());
        for (handle, outcome) in &outcomes {
            prop_assert_eq!(read[handle]["value"].as_ref(), outcome.as_ref().ok());
            prop_assert_eq!(read[handle]["error"].as_ref(), outcome.as_ref().err());
        }
    }

    #[test]
    fn a_request_of_any_kind_is_answered(
        text in r#"\{?("(secrets|config|type|version|secret_backend_timeout|x)":|\{|\}|\[|\]|,|"a"|1|null|true){0,10}\}?"#
    ) {
        if Request::parse(text.as_bytes()).is_ok() {
            prop_assert!(parse(text.as_bytes()).is_ok(), "{}", text);
        }
    }
}
