//! The rules that the tables do not name, and laws.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::string_map;

fn read(text: &str) -> Result<BTreeMap<String, String>, String> {
    match string_map(text.as_bytes(), |_| true) {
        Ok(map) => Ok(map.into_iter().map(|(key, value)| (key, value.to_string())).collect()),
        Err(error) => Err(error.to_string()),
    }
}

/// A text, and either its entries or its error.
type Row = (&'static str, Result<&'static [(&'static str, &'static str)], &'static str>);

const ROWS: &[Row] = &[
    // Merges set their keys where they stand.
    ("a: 1\n<<: {a: 2}\n", Ok(&[("a", "2")])),
    ("<<: {a: 2}\na: 1\n", Ok(&[("a", "1")])),
    ("<<: {<<: {a: 1}, b: 2}\n", Ok(&[("a", "1"), ("b", "2")])),
    ("<<: &m {a: 1}\nb: 2\n<<: *m\n", Ok(&[("a", "1"), ("b", "2")])),
    ("<<: []\na: 1\n", Ok(&[("a", "1")])),
    ("!!merge <<: {a: 1}\n", Ok(&[("a", "1")])),
    ("!!str <<: x\n", Ok(&[("<<", "x")])),
    ("<<: [x]\n", Err("yaml: map merge requires map or sequence of maps as the value")),
    ("x: &x v\n<<: *x\n", Err("yaml: map merge requires map or sequence of maps as the value")),
    ("<<:\n", Err("yaml: map merge requires map or sequence of maps as the value")),
    ("<<: {a: {b: c}}\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string")),
    // A fault of syntax goes before one of meaning, that before one of shape.
    ("<<: x\na: [\n", Err("yaml: line 2: did not find expected node content")),
    ("a: [x]\n<<: x\n", Err("yaml: map merge requires map or sequence of maps as the value")),
    // Anchors: the last definition before the alias counts, and a place is where the anchor stands.
    ("a: &k 1\nb: &k 2\nc: *k\n", Ok(&[("a", "1"), ("b", "2"), ("c", "2")])),
    ("a: &k\nb: *k\n", Ok(&[("a", ""), ("b", "")])),
    ("a: &k\n  b: c\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string")),
    ("a: !x\n  b: c\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !x into string")),
    ("&r\na: *r\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string")),
    (
        "a: &k [1]\nb: *k\n",
        Err(
            "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string\n  line 1: cannot unmarshal !!seq into string",
        ),
    ),
    // A key that is no string takes its value with it.
    ("? [a]\n: [b]\nc: d\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string")),
    // Tags.
    (
        "a: !!int 5\nb: ! null\nc: !local x\nd: !!null ~\n",
        Ok(&[("a", "5"), ("b", ""), ("c", "x"), ("d", "")]),
    ),
    ("a: !!binary |\n  aGVs\n  bG8=\n", Ok(&[("a", "hello")])),
    ("a: !!binary //79\n", Ok(&[("a", "\u{fffd}\u{fffd}\u{fffd}")])),
    ("a: !!binary aGVsbG8\n", Err("yaml: !!binary value contains invalid base64 data")),
    // Documents.
    ("a: b\n...\n[\n", Ok(&[("a", "b")])),
    ("~\n", Ok(&[])),
    ("\"\"\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str into map[string]string")),
    ("[]\n", Err("yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]string")),
    ("%YAML 1.1\n---\na: b\n", Ok(&[("a", "b")])),
    ("{a: b, c: \"d\"}", Ok(&[("a", "b"), ("c", "d")])),
    // No character of the file is quoted.
    ("a: @s3cr3t\n", Err("yaml: found character that cannot start any token")),
    ("a: b\n\tc: d\n", Err("yaml: found character that cannot start any token")),
    ("a: b\nc: 'x", Err("yaml: line 2: found unexpected end of stream")),
];

#[test]
fn files_are_read_by_the_rules() {
    let mut wrong = Vec::new();
    for (text, expected) in ROWS {
        let expected = match expected {
            Ok(entries) => Ok(entries.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()),
            Err(message) => Err((*message).to_owned()),
        };
        let found = read(text);
        if found != expected {
            wrong.push(format!("{text:?}\n   found {found:?}\nexpected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn utf_16_is_read() {
    let text = "a: \u{e9}\u{1f600}\n";
    let mut little = vec![0xFF, 0xFE];
    let mut big = vec![0xFE, 0xFF];
    for unit in text.encode_utf16() {
        little.extend(unit.to_le_bytes());
        big.extend(unit.to_be_bytes());
    }
    for bytes in [little, big] {
        let map = string_map(&bytes, |_| true).unwrap();
        assert_eq!(map.get("a").map(|value| &**value), Some("\u{e9}\u{1f600}"));
    }
}

#[test]
fn only_wanted_keys_are_kept() {
    let map = string_map(b"a: 1\nb: 2\n<<: {c: 3}\n", |key| key == "c").unwrap();
    assert_eq!(map.keys().collect::<Vec<_>>(), ["c"]);
}

#[test]
fn deep_and_long_files_end_in_an_answer() {
    let deep = 100_000;
    for text in [
        format!("a: {}", "[".repeat(deep)),
        format!("a: {}{}", "[".repeat(deep), "]".repeat(deep)),
        "- ".repeat(deep),
        format!("{}x", "<<: {".repeat(200)),
        format!("<<: {}{}", "{<<: ".repeat(100), "}".repeat(100)),
        (0..2000).map(|depth| format!("{}<<:\n", " ".repeat(depth))).collect(),
    ] {
        assert!(read(&text).is_err(), "{text:.20}");
    }
    let faults: String = (0..100_000).map(|key| format!("k{key}: []\n")).collect();
    let message = read(&faults).unwrap_err();
    assert!(message.len() < 4096 && message.ends_with("and 99980 more"), "{message:.200}");
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = string_map(&bytes, |_| true);
    }

    #[test]
    fn any_yaml_like_text_ends_in_an_answer(text in "[-a?:&*!|>'\"%@`{}\\[\\],#<~ \\n\\t]{0,60}") {
        let _ = read(&text);
    }

    #[test]
    fn double_quoted_json_strings_come_back(entries in proptest::collection::btree_map("[a-z]{1,8}", "[ -~\u{e9}\u{1f600}\u{2028}]{0,20}", 0..8)) {
        // JSON's quoting is YAML's, but for pairs of surrogates.
        let text: String = entries.iter().map(|(k, v)| format!("{k}: {}\n", serde_json::to_string(v).unwrap())).collect();
        let keys_are_plain = entries.keys().all(|key| !["null"].contains(&key.as_str()));
        prop_assume!(keys_are_plain);
        prop_assert_eq!(read(&text), Ok(entries));
    }
}
