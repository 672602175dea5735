//! What holds of every text.

use portcullis_agent::scrub::{KnownValues, Scrubber};
use portcullis_secrets::{Document, Format, SettingPath};
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::Value;

/// A value that is looked for: six bytes or more, and not only stars.
fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{6,20}", "[a\"\\\\\n:*]{6,12}", any::<String>(), "[*x: \"]{6,8}"]
        .prop_filter("too short", |value| value.len() >= 6 && value.bytes().any(|byte| byte != b'*'))
}

/// A string of a document, with one of the values in it or without.
fn string(values: Vec<String>) -> impl Strategy<Value = String> {
    let of_values = proptest::sample::select(values);
    prop_oneof![
        "[a-z_]{0,8}",
        of_values.clone(),
        ("[ -~]{0,4}", of_values.clone(), "[ -~]{0,4}").prop_map(|(a, b, c)| format!("{a}{b}{c}")),
        of_values.prop_map(|value| serde_json::to_string(&value).unwrap()),
    ]
}

/// A tree of these strings.
fn tree(values: Vec<String>) -> impl Strategy<Value = Value> {
    string(values.clone()).prop_map(Value::String).prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((string(values.clone()), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn case() -> impl Strategy<Value = (Vec<String>, String)> {
    proptest::collection::vec(value(), 1..4).prop_flat_map(|values| {
        tree(values.clone()).prop_map(move |tree| (values.clone(), serde_norway::to_string(&tree).unwrap()))
    })
}

/// What YAML is made of, in any order. Most of it is none.
fn pieces() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(
        &[
            "a",
            "b",
            ": ",
            ":",
            "- ",
            "-",
            "\n",
            "\n  ",
            "\n    ",
            " ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            "\"",
            "| ",
            "> ",
            "? ",
            "# ",
            "&x ",
            "&y ",
            "*x ",
            "*y ",
            "<<: ",
            "1",
            ".5",
            "~",
            "é",
            "\\",
            "%",
            "a: b\n",
            "- a\n",
            "ENC[h]",
            "'ENC[h]'",
            "a: ENC[h]\n",
            "- ENC[h]\n",
            "- &y ENC[h]\n",
            "b: &x\n  - c: ENC[h]\n",
            "<<: *x\n",
            "<<: {b: 'ENC[h]'}\n",
            "a:\n  <<:\n  - b: ENC[h]\n",
            "k: |\n  t\n",
        ][..],
    );
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Without the quotes.
fn json(value: &str) -> String {
    let quoted = serde_json::to_string(value).unwrap();
    quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_known_value_survives((values, text) in case()) {
        let known = KnownValues::new(values.iter().map(String::as_str)).unwrap();
        let shown = Scrubber::default().scrub(text.as_bytes(), &[], &known).unwrap_or_default();
        for value in &values {
            prop_assert!(!shown.contains(value), "{value:?} is in {}", shown);
            prop_assert!(!shown.contains(&json(value)), "{value:?} is in {}", shown);
        }
    }

    #[test]
    fn what_has_no_secret_is_shown_and_means_the_same(text in pieces()) {
        let shown = Scrubber::default().scrub(text.as_bytes(), &[], &KnownValues::default());
        if let (Ok(shown), Ok(before)) = (shown, serde_saphyr::from_multiple::<Value>(&text)) {
            let after = serde_saphyr::from_multiple::<Value>(&shown);
            prop_assert_eq!(Some(before), after.ok(), "{}", shown);
        }
    }

    /// The paths of places mean the same to who finds references and to who hides what came from them.
    #[test]
    fn what_came_from_a_handle_is_hidden_without_being_known(text in pieces()) {
        if let Ok(document) = Document::scan("a.yaml", text.as_bytes(), Format::Yaml) {
            let places: Vec<SettingPath> = document.places().map(|place| place.path().into()).collect();
            let value = SecretString::from("Zq9");
            let resolved = document.splice_with(|_| Some(&value));
            let shown = Scrubber::default().scrub(&resolved, &places, &KnownValues::default()).unwrap_or_default();
            prop_assert!(!shown.contains("Zq9"), "{} of {places:?}", shown);
        }
    }

    #[test]
    fn any_bytes_are_answered(text in proptest::collection::vec(any::<u8>(), 0..60)) {
        let again = |shown: String| Scrubber::default().scrub(shown.as_bytes(), &[], &KnownValues::default());
        let shown = Scrubber::default().scrub(&text, &[], &KnownValues::default());
        prop_assert!(shown.is_err() || shown.and_then(again).is_ok());
    }
}
