//! What is written reads back, here and elsewhere.

use portcullis_compat::json::{Value, parse, quoted_len, write_string, write_value};
use proptest::prelude::*;

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(&mut out, text);
    out
}

#[test]
fn strings_are_escaped_as_in_go() {
    let rows = [
        ("", r#""""#),
        ("plain é 😀 \u{7f}", "\"plain é 😀 \u{7f}\""),
        ("<a&b>", r#""\u003ca\u0026b\u003e""#),
        ("\u{2028}\u{2029}", r#""\u2028\u2029""#),
        ("\u{1}\t\n\r", r#""\u0001\t\n\r""#),
        ("\u{8}\u{c}\u{b}\u{0}\u{1f}", r#""\b\f\u000b\u0000\u001f""#),
        ("\"\\/'", r#""\"\\/'""#),
        ("\u{fffd}\u{fffd}", r#""\ufffd\ufffd""#),
    ];
    for (text, expected) in rows {
        assert_eq!(quoted(text), expected, "{text:?}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::Number(number.to_string())),
        prop::sample::select(["0", "-0", "1.50", "1e3", "2E-7", "12345678901234567890"].as_slice())
            .prop_map(|text| Value::Number(text.to_owned())),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..5).prop_map(Value::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_string_reads_back_elsewhere(text in any::<String>()) {
        let out = quoted(&text);
        prop_assert_eq!(out.len(), quoted_len(&text));
        prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }

    #[test]
    fn a_tree_reads_back(tree in value()) {
        let mut out = String::new();
        write_value(&mut out, &tree);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{}", out);
        prop_assert_eq!(parse(out.as_bytes()).unwrap(), tree);
    }
}
