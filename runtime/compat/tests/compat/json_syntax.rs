//! Which texts are JSON, and what is said of those that are not.

use portcullis_compat::json::{MAX_DEPTH, MAX_TREE_DEPTH, Value, check, parse, string_map};
use proptest::prelude::*;

const FAULTS: &[(&[u8], &str, usize)] = &[
    (b"", "unexpected end of JSON input", 0),
    (b" \t\r\n", "unexpected end of JSON input", 4),
    (b"\"abc", "unexpected end of JSON input", 4),
    (b"{\"a\"", "unexpected end of JSON input", 4),
    (b"{\"a\":1", "unexpected end of JSON input", 6),
    (b"[1,", "unexpected end of JSON input", 3),
    (b"-", "invalid character ' ' in numeric literal", 1),
    (b"1.", "invalid character ' ' after decimal point in numeric literal", 2),
    (b"1e", "invalid character ' ' in exponent of numeric literal", 2),
    (b"tru", "invalid character ' ' in literal true (expecting 'e')", 3),
    (b"\"\\", "invalid character ' ' in string escape code", 2),
    (b"\"\\u12", "invalid character ' ' in \\u hexadecimal character escape", 5),
    (b"{\"a\":\"1\",}", "invalid character '}' looking for beginning of object key string", 9),
    (b"{1:2}", "invalid character '1' looking for beginning of object key string", 1),
    (b"\xef\xbb\xbf{}", "invalid character 'ï' looking for beginning of value", 0),
    (b"[1,]", "invalid character ']' looking for beginning of value", 3),
    (b"<html>", "invalid character '<' looking for beginning of value", 0),
    (b"{} junk", "invalid character 'j' after top-level value", 3),
    (b"{}x", "invalid character 'x' after top-level value", 2),
    (b"01", "invalid character '1' after top-level value", 1),
    (b"{\"a\" 1}", "invalid character '1' after object key", 5),
    (b"{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair", 7),
    (b"{\"a\":1]", "invalid character ']' after object key:value pair", 6),
    (b"[1 2]", "invalid character '2' after array element", 3),
    (b"[1}", "invalid character '}' after array element", 2),
    (b"\"a\nb\"", "invalid character '\\n' in string literal", 2),
    (b"\"a\x00b\"", "invalid character '\\x00' in string literal", 2),
    (b"\"\\x\"", "invalid character 'x' in string escape code", 2),
    (b"\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape", 5),
    (b"-a", "invalid character 'a' in numeric literal", 1),
    (b"1.e", "invalid character 'e' after decimal point in numeric literal", 2),
    (b"1e+-", "invalid character '-' in exponent of numeric literal", 3),
    (b"trie", "invalid character 'i' in literal true (expecting 'u')", 2),
    (b"fals ", "invalid character ' ' in literal false (expecting 'e')", 4),
    (b"nil", "invalid character 'i' in literal null (expecting 'u')", 1),
    (b"'a'", "invalid character '\\'' looking for beginning of value", 0),
];

#[test]
fn faults_are_named_in_the_words_of_go() {
    for (text, message, offset) in FAULTS {
        let error = parse(text).unwrap_err();
        assert_eq!(error.to_string(), *message, "{text:?}");
        assert_eq!(error.offset(), *offset, "{text:?}");
    }
}

#[test]
fn strings_decode_as_in_go() {
    let rows: &[(&[u8], &str)] = &[
        (br#""\"\\\/\b\f\n\r\tx""#, "\"\\/\u{8}\u{c}\n\r\tx"),
        (br#""\u0041\u00e9\ud83d\ude00""#, "Aé😀"),
        (br#""\ud83d""#, "\u{fffd}"),
        (br#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (br#""\ud83d\u0041""#, "\u{fffd}A"),
        (br#""\ud83dx""#, "\u{fffd}x"),
        (b"\"\xff\xfe\"", "\u{fffd}\u{fffd}"),
        (b"\"\xf0\x9f\x98\"", "\u{fffd}\u{fffd}\u{fffd}"),
        (b"\"\x7f\xc3\xa9\"", "\u{7f}é"),
    ];
    for (text, expected) in rows {
        assert_eq!(parse(text).unwrap().as_str(), Some(*expected), "{text:?}");
    }
}

#[test]
fn order_repetition_and_number_texts_are_kept() {
    let value = parse(br#" {"b":1e3, "a":-0.50, "b":[12345678901234567890, true, null]} "#).unwrap();
    let number = |text: &str| Value::Number(text.to_owned());
    let list = Value::Array(vec![number("12345678901234567890"), Value::Bool(true), Value::Null]);
    assert_eq!(
        value,
        Value::Object(vec![
            ("b".to_owned(), number("1e3")),
            ("a".to_owned(), number("-0.50")),
            ("b".to_owned(), list.clone()),
        ])
    );
    assert_eq!(value.get_last("b"), Some(&list));
    assert_eq!(value.get_last("B"), None);
}

#[test]
fn depth_is_bounded_without_using_the_stack() {
    let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
    assert!(check(&nested(MAX_DEPTH)).is_ok());
    let too_deep = "invalid character '[' exceeded max depth";
    assert_eq!(check(&nested(MAX_DEPTH + 1)).err().unwrap().to_string(), too_deep);
    assert_eq!(check(&nested(1_000_000)).err().unwrap().offset(), MAX_DEPTH);
    assert!(parse(&nested(MAX_TREE_DEPTH)).is_ok());
    assert_eq!(parse(&nested(MAX_TREE_DEPTH + 1)).unwrap_err().to_string(), too_deep);
    // Passing over a value is bounded by the check alone.
    let inside = [b"{\"a\":", nested(MAX_DEPTH - 1).as_slice(), b"}"].concat();
    let error = string_map(&inside).unwrap_err();
    assert_eq!(error.to_string(), "json: cannot unmarshal array into Go value of type string");
}

#[test]
fn a_prefix_of_an_object_is_never_complete() {
    let text = br#" {"a":[1,"x",{"b":null}],"c":true}"#;
    for cut in 0..text.len() {
        assert!(check(&text[..cut]).is_err(), "{cut}");
    }
    assert!(check(text).is_ok());
}

/// Pieces that make almost-JSON when strung together.
const PIECES: &str =
    r#"{|}|[|]|,|:|"a"|"\u0041\n"|"é"|0|12|-|1.5|2e3|.|true|false|null|nul|"|\| |	|x|{"k":|[1,|{}|[]"#;

fn almost_json() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.split('|').collect::<Vec<_>>()), 0..14)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accepts_what_another_parser_accepts(text in almost_json()) {
        let other = serde_json::from_str::<serde_json::Value>(&text);
        if let Err(error) = &other && error.to_string().contains("out of range") {
            return Ok(());
        }
        prop_assert_eq!(parse(text.as_bytes()).is_ok(), other.is_ok(), "{:?}", text);
    }

    #[test]
    fn bytes_of_any_kind_are_answered(text in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.offset() <= text.len());
        }
        let _ = string_map(&text);
    }
}
