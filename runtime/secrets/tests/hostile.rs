//! Texts that nobody should write: a right result or an error with line and column, never a panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{YAML_READERS, places, spliced, values};
use portcullis_secrets::{Document, Format, ScanError, handle_in};
use proptest::prelude::*;
use serde_json::Value;

fn error(name: &str, bytes: &[u8], format: Format) -> ScanError {
    match Document::scan(name, bytes, format) {
        Ok(document) => panic!("{document:?} instead of an error for {:?}", String::from_utf8_lossy(bytes)),
        Err(error) => error,
    }
}

#[test]
fn errors_say_where_and_what_to_do() {
    for (name, bytes, format, message) in [
        (
            "a.yaml",
            &b"k: 1\nl: \xff"[..],
            Format::Detect,
            "a.yaml:2:4: byte 0xff is not UTF-8; save the file as UTF-8",
        ),
        (
            "a.yaml",
            b"\xef\xbb\xbf\xc3\xa9\r\xc3",
            Format::Detect,
            "a.yaml:2:1: byte 0xc3 is not UTF-8; save the file as UTF-8",
        ),
        (
            "a.yaml",
            b"\xff\xfek\0:\0",
            Format::Detect,
            "a.yaml:1:1: the file looks like UTF-16 or UTF-32; save it as UTF-8",
        ),
        (
            "a.yaml",
            b"\xfe\xff\0k",
            Format::Yaml,
            "a.yaml:1:1: the file looks like UTF-16 or UTF-32; save it as UTF-8",
        ),
        (
            "a.yaml",
            b"k\0:\0 \0E\0N\0C\0[\0",
            Format::Json,
            "a.yaml:1:1: the file looks like UTF-16 or UTF-32; save it as UTF-8",
        ),
        (
            "a.yaml",
            b"a: 1\nk: [ENC[x]]\n",
            Format::Detect,
            "a.yaml:2:8: not valid YAML: while parsing a flow sequence, expected ',' or ']'; \
             between [ ] or { } a reference must be written in quotes: \"ENC[\u{2026}]\"",
        ),
        (
            "a.yaml",
            b"a: ENC[x]\n\tb: 1\n",
            Format::Yaml,
            "a.yaml:1:4: not valid YAML: while scanning a plain scalar, found a tab",
        ),
        (
            "a.yaml",
            b"a: ENC[x]\nb: *c\n",
            Format::Yaml,
            "a.yaml:2:4: not valid YAML: while parsing node, found unknown anchor",
        ),
        (
            "a\nb",
            b"[\"ENC[x]\"",
            Format::Json,
            "a\\nb:1:10: not valid JSON: expected ',' or ']', found the end of the text",
        ),
        ("a.JSON", b"k: ENC[x]", Format::Detect, "a.JSON:1:1: not valid JSON: expected a value, found 'k'"),
        ("-", b"{\"a\":\"ENC[x]\",}", Format::Json, "-:1:15: not valid JSON: expected a key, found '}'"),
    ] {
        assert_eq!(error(name, bytes, format).to_string(), message);
    }
}

#[test]
fn json_is_read_strictly() {
    for (text, line, column) in [
        ("[\"ENC[x]\"] x", 1, 12),
        ("[\"ENC[x]\"]\n[]", 2, 1),
        ("[\"ENC[x]\",]", 1, 11),
        ("[,\"ENC[x]\"]", 1, 2),
        ("{\"a\" \"ENC[x]\"}", 1, 6),
        ("{\"a\":\"ENC[x]\" \"b\"}", 1, 15),
        ("{a:\"ENC[x]\"}", 1, 2),
        ("{\"ENC[x]\"}", 1, 10),
        ("[\"ENC[x]\"}", 1, 10),
        ("['ENC[x]']", 1, 2),
        ("[\"ENC[x]\", 01]", 1, 13),
        ("[\"ENC[x]\", 1.]", 1, 14),
        ("[\"ENC[x]\", -]", 1, 13),
        ("[\"ENC[x]\", 1e+]", 1, 15),
        ("[\"ENC[x]\", +1]", 1, 12),
        ("[\"ENC[x]\", tru]", 1, 12),
        ("[\"ENC[x]\", NaN]", 1, 12),
        ("[\"ENC[\n]\"]", 1, 7),
        ("[\"ENC[\\q]\"]", 1, 8),
        ("[\"ENC[\\u12g4]\"]", 1, 11),
        ("[\"ENC[\\ud800]\"]", 1, 7),
        ("[\"ENC[\\udc00\\ud800]\"]", 1, 7),
        ("[\"ENC[\\ud800\\u0041]\"]", 1, 7),
        ("[\"ENC[x]", 1, 9),
        ("[\"ENC[x]\" // c\n]", 1, 11),
        ("[\"ENC[x]\"\u{a0}]", 1, 10),
    ] {
        let error = error("test", text.as_bytes(), Format::Json);
        assert_eq!((error.line(), error.column()), (line, column), "{text}: {error}");
    }
}

#[test]
fn json_escapes_are_decoded() {
    for (text, handle) in [
        (r#"["ENC[\"\\\/\b\f\n\r\t]"]"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#"["ENC[\u00e9\ud83d\ude00\uFFFF]"]"#, "é😀\u{ffff}"),
        (r#"["\u0020\tENC[x]\u0009"]"#, "x"),
    ] {
        let document = Document::scan("test", text.as_bytes(), Format::Json).unwrap();
        assert_eq!(document.handles()[0].as_str(), handle);
    }
}

/// What holds no reference is passed on as it is, even if it is not valid YAML or JSON.
#[test]
fn texts_without_references_are_not_judged() {
    for text in ["", "\n", "{", "[,]", "a: [", "\tx: *y", "k: C:\\dir\\file", "ENC{x}", "EN C[x]"] {
        for format in [Format::Yaml, Format::Json, Format::Detect] {
            assert_eq!(spliced(text, format, &values([("x", "v")])), text);
        }
    }
}

#[test]
fn json_or_yaml_is_told_by_name_then_by_content() {
    for (name, text, found) in [
        ("-", "{\"a\": \"ENC[\\ud83d\\ude00]\"}", "😀 @ a"),
        ("-", "\u{feff}\n [\"ENC[\\/]\"]", "/ @ 0"),
        ("-", "{a: 'ENC[x]'} # YAML", "x @ a"),
        ("-", "[a]: ENC[x]", "x @ […]"),
        ("a.json", "[\"ENC[x]\"]", "x @ 0"),
        ("a.yaml", "[\"ENC[x]\"]", "x @ 0"),
    ] {
        let document =
            Document::scan(name, text.as_bytes(), Format::Detect).unwrap_or_else(|error| panic!("{error}"));
        let place = document.places().next().unwrap();
        assert_eq!(format!("{} @ {}", place.handle(), place.path()), found);
    }
}

/// 100,000 levels are read; 300,000 are refused; neither uses the stack.
#[test]
fn depth() {
    type Nest = fn(usize) -> String;
    let nests: [(Nest, Format); 5] = [
        (|levels| format!("{}\"ENC[x]\"{}", "[".repeat(levels), "]".repeat(levels)), Format::Json),
        (|levels| format!("{}\"ENC[x]\"{}", "{\"a\":".repeat(levels), "}".repeat(levels)), Format::Json),
        (|levels| format!("{}\"ENC[x]\"{}", "[".repeat(levels), "]".repeat(levels)), Format::Yaml),
        (|levels| format!("{}'ENC[x]'{}", "{a: ".repeat(levels), "}".repeat(levels)), Format::Yaml),
        (|levels| format!("{}ENC[x]\n", "- ".repeat(levels)), Format::Yaml),
    ];
    for (nest, format) in nests {
        let text = nest(100_000);
        let after = spliced(&text, format, &values([("x", "v")]));
        assert_eq!(after, text.replace("'", "\"").replace("\"ENC[x]\"", "ENC[x]").replace("ENC[x]", "\"v\""));
        assert_eq!(places(&text, format)[0].matches('/').count(), 99_999);
        let error = error("deep", nest(300_000).as_bytes(), format).to_string();
        assert!(error.starts_with("deep:1:"), "{error}");
        assert!(
            error.ends_with("more than 200000 lists and maps inside each other; flatten the file"),
            "{error}"
        );
    }
}

/// A reference at every level of a deep text: the paths share their beginnings.
#[test]
fn depth_with_a_reference_at_every_level() {
    let levels = 50_000;
    let text = format!("{}1{}", "[\"ENC[x]\",".repeat(levels), "]".repeat(levels));
    let document = Document::scan("deep", text.as_bytes(), Format::Json).unwrap();
    assert_eq!(document.places().count(), levels);
}

#[test]
fn many_references_in_one_line() {
    let text = format!("[{}1]", "\"ENC[x]\",".repeat(100_000));
    let document = Document::scan("wide", text.as_bytes(), Format::Json).unwrap();
    let last = document.places().last().unwrap();
    assert_eq!((last.line(), last.column()), (1, 2 + 99_999 * 9));
    assert_eq!(last.path().to_string(), "99999");
}

/// Pieces of YAML that, thrown together, give valid texts often and strange ones always.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    " ",
    "\t",
    "- ",
    "? ",
    ": ",
    "k: ",
    "l: ",
    "1: ",
    ":",
    ",",
    "[",
    "]",
    "{",
    "}",
    "ENC[x]",
    "ENC[x]",
    "'ENC[x]'",
    "\"ENC[x]\"",
    "\"\\x45NC[x]\"",
    "ENC[",
    "]",
    "|-",
    "|",
    ">-\n  ",
    "|-\n  ENC[x]",
    "|-\n   ENC[x]\n",
    "|2-\n",
    "# c",
    " # c\n",
    "&a ",
    "*a",
    "*a ",
    "!!str ",
    "!t ",
    "<<: ",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.1\n",
    "'",
    "\"",
    "\\",
    "\u{feff}",
    "é",
    "x",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

/// How many references there are among the values of a tree, and the tree with them replaced.
fn replace(value: &mut Value) -> usize {
    let children: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    let mut found = 0;
    for child in children {
        if child.as_str().and_then(handle_in).is_some() {
            *child = Value::from("v: #");
            found += 1;
        } else {
            found += replace(child);
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), with_reference: bool) {
        let mut bytes = bytes;
        if with_reference {
            bytes.extend_from_slice(b"ENC[x]");
        }
        for format in [Format::Yaml, Format::Json, Format::Detect] {
            if let Ok(document) = Document::scan("test", &bytes, format) {
                prop_assert_eq!(&*document.splice(&values([])), &bytes);
            }
        }
    }

    #[test]
    fn text_without_references_is_unchanged(text in any::<String>()) {
        prop_assume!(!text.contains("ENC[") && !text.contains('\\') && text.get(1..2) != Some("\0") && !text.starts_with('\0'));
        prop_assert_eq!(spliced(&text, Format::Detect, &values([("x", "v")])), text);
    }

    /// Whatever a text is: what is not replaced stays, and where other readers agree on what it says before, they agree
    /// on what it says after.
    #[test]
    fn soup_is_spliced_right(text in soup()) {
        let Ok(document) = Document::scan("test", text.as_bytes(), Format::Yaml) else { return Ok(()) };
        prop_assert_eq!(&*document.splice(&values([("not there", "v")])), text.as_bytes());
        let every = values(document.handles().iter().map(|handle| (handle.as_str(), "v: #")));
        let after = spliced(&text, Format::Yaml, &every);
        let again = Document::scan("test", after.as_bytes(), Format::Yaml);
        prop_assert!(again.is_ok(), "{:?} -> {:?}: {:?}", text, after, again);
        prop_assert_eq!(again.unwrap().places().count(), 0, "{:?} -> {:?}", text, after);
        for (reader, read) in YAML_READERS {
            let Ok(mut expected) = read(&text) else { continue };
            if replace(&mut expected) == document.places().count() {
                prop_assert_eq!(read(&after), Ok(expected), "{}: {:?} -> {:?}", reader, text, after);
            }
        }
    }
}
