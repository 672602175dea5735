//! What holds of every file and every environment.

use portcullis_agent::configs::Environment;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any text, number, truth or nothing; no handle.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>()
            .prop_filter("a handle, or a break for YAML 1.1 alone", |text| is_plain(text))
            .prop_map(Value::String),
        "[-+.0-9a-fxo_~:<*&!|>%@`'\"# ]{0,6}".prop_map(Value::String),
        // What some readers take for a truth or for nothing, and others for a string.
        "(y|n|yes|no|on|off|true|null|Y|N|Yes|NO|On|OFF|True|NULL)".prop_map(Value::String),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ]
}

fn is_plain(text: &str) -> bool {
    !text.contains("ENC[") && !text.contains(['\u{85}', '\u{2028}', '\u{2029}'])
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec(("[a-z_.]{1,4}", inner), 0..4)
                .prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

/// Settings of a file, none of which is called as those of [`taken`] are.
fn file() -> impl Strategy<Value = Map<String, Value>> {
    proptest::collection::btree_map("s[a-z_]{0,6}", tree(), 1..6)
        .prop_map(|entries| entries.into_iter().collect())
}

/// Variables of any kind without a handle.
fn others() -> impl Strategy<Value = Vec<(String, String)>> {
    let value = any::<String>().prop_filter("a handle", |text| !text.contains("ENC["));
    proptest::collection::vec(
        ("(DD_S[A-Z_]{0,6}|DD_API_KEY|PATH|NO_PROXY|HTTP_PROXY|DD_[A-Z]{3})", value),
        0..6,
    )
}

fn written(file: &Map<String, Value>) -> String {
    serde_norway::to_string(file).unwrap()
}

fn by_norway(text: &[u8]) -> Map<String, Value> {
    serde_norway::from_slice(text).unwrap()
}

fn by_saphyr(text: &[u8]) -> Map<String, Value> {
    serde_saphyr::from_slice(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn without_a_handle_anywhere_nothing_changes(file in file(), others in others()) {
        prop_assert!(Environment::new(others).merge(written(&file).as_bytes()).text.is_none());
    }

    /// Only what has a handle is in the text, and all else of the text reads back the same.
    #[test]
    fn with_a_handle_the_other_settings_stay(file in file(), others in others(), handle in "[a-z /:]{0,8}") {
        let reference = format!("ENC[{handle}]");
        let unnamed = others.into_iter().filter(|(name, _)| name != "DD_API_KEY");
        let variables = unnamed.chain([("DD_API_KEY".to_owned(), reference.clone())]);
        let before = written(&file);
        let text = Environment::new(variables).merge(before.as_bytes()).text.unwrap();
        // Readers differ in what a plain `y` is. Each still reads what it read before.
        for read in [by_norway, by_saphyr] {
            let mut expected = read(before.as_bytes());
            expected.insert("api_key".to_owned(), json!(reference));
            prop_assert_eq!(&read(&text), &expected, "{}", String::from_utf8_lossy(&text));
        }
    }

    /// Whoever does it twice, for one environment or another, has what the last says.
    #[test]
    fn the_last_environment_wins(file in file(), first in "[a-z]{0,4}", last in "[a-z]{0,4}") {
        let environment = |handle: &str| Environment::new([("DD_API_KEY", format!("ENC[{handle}]"))]);
        let text = written(&file);
        let once = environment(&last).merge(text.as_bytes()).text.unwrap();
        let between = environment(&first).merge(text.as_bytes()).text.unwrap();
        prop_assert_eq!(&*environment(&last).merge(&between).text.unwrap(), &*once);
        prop_assert_eq!(&*environment(&last).merge(&once).text.unwrap(), &*once);
    }

    #[test]
    fn any_text_is_answered(text in "[a-b:&*<\\[\\]{}!|\"'?, \n-]{0,24}", value in "[\\[\\]{}\":,a ]{0,8}") {
        let variables = [("DD_A", "ENC[h]"), ("DD_A_B", "ENC[i]"), ("DD_B", value.as_str())];
        let merged = Environment::new(variables).merge(text.as_bytes());
        prop_assert!(merged.text.is_some() || !merged.left_out.is_empty());
        if let Some(text) = merged.text {
            // What was written is read, and says the same.
            let again = Environment::new(variables).merge(&text);
            prop_assert!(again.text.is_none_or(|again| *again == *text));
        }
    }
}
