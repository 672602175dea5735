//! Flat maps of strings: what a `file.json` may hold.

use portcullis_compat::json::string_map;
use proptest::prelude::*;

#[test]
fn values_are_read() {
    let rows: &[(&str, &str, Option<&str>)] = &[
        (r#"{"key1":"value1"}"#, "key1", Some("value1")),
        (r#"{"key1":"value1"}"#, "key_noexist", None),
        (r#"{"key1":"value1"}"#, "KEY1", None),
        (r#"{"k;2":"v2","e":"","n":null}"#, "k;2", Some("v2")),
        (r#"{"k;2":"v2","e":"","n":null}"#, "e", Some("")),
        (r#"{"k;2":"v2","e":"","n":null}"#, "n", Some("")),
        (r#"{"a":"1","a":"2"}"#, "a", Some("2")),
        (r#"{"a":"1","a":null}"#, "a", Some("")),
        (r#"{"\u0061":"x"}"#, "a", Some("x")),
        ("null", "a", None),
        (" {} ", "a", None),
    ];
    for (text, key, expected) in rows {
        assert_eq!(string_map(text.as_bytes()).unwrap().get(key), *expected, "{text} {key}");
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let rows: &[(&[u8], &str)] = &[
        (br#"{"a":"x","b":1}"#, "json: cannot unmarshal number into Go value of type string"),
        (br#"{"a":true,"b":1}"#, "json: cannot unmarshal bool into Go value of type string"),
        (br#"{"a":{"b":"c"}}"#, "json: cannot unmarshal object into Go value of type string"),
        (br#"{"a":["b"]}"#, "json: cannot unmarshal array into Go value of type string"),
        (b"[]", "json: cannot unmarshal array into Go value of type map[string]string"),
        (br#""x""#, "json: cannot unmarshal string into Go value of type map[string]string"),
        (b"5", "json: cannot unmarshal number into Go value of type map[string]string"),
        (b"true", "json: cannot unmarshal bool into Go value of type map[string]string"),
        (b"", "unexpected end of JSON input"),
        (b"{} junk", "invalid character 'j' after top-level value"),
        (br#"{"a":"1",}"#, "invalid character '}' looking for beginning of object key string"),
        (b"\xef\xbb\xbf{}", "invalid character 'ï' looking for beginning of value"),
        // A fault of the text wins over a type that came before it.
        (br#"{"a":1,"b":}"#, "invalid character '}' looking for beginning of value"),
    ];
    for (text, message) in rows {
        assert_eq!(string_map(text).unwrap_err().to_string(), *message, "{text:?}");
    }
}

#[test]
fn debug_shows_keys_only() {
    let map = string_map(br#"{"key":"hunter2"}"#).unwrap();
    assert_eq!((map.len(), map.is_empty()), (1, false));
    assert_eq!(format!("{map:?}"), r#"{"key"}"#);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_map_reads_back(map in prop::collection::btree_map(any::<String>(), any::<String>(), 0..8)) {
        let text = serde_json::to_string(&map).unwrap();
        prop_assert_eq!(string_map(text.as_bytes()).unwrap().into_map(), map);
    }
}
