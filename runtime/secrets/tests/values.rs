//! A value with any content, at any place, is read back as exactly that string, and nothing else changes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{JSON_READER, YAML_READERS, spliced, values};
use portcullis_secrets::Format;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Where a value can stand: a text with a reference, its format, and the way to the value.
const PLACES: &[(&str, Format, &str)] = &[
    ("k: ENC[h]\nn: 1\n", Format::Yaml, "/k"),
    ("k: |-\n  ENC[h]\nn: 1\n", Format::Yaml, "/k"),
    ("- a:\n  - x\n  - ENC[h] # c\n- 1\n", Format::Yaml, "/0/a/1"),
    ("a: {b: [x, 'ENC[h]']}\n", Format::Yaml, "/a/b/1"),
    ("a: &a !!str 'ENC[h]'\nb: *a\n", Format::Yaml, "/b"),
    ("{\"a\": [1, {\"b\": \"ENC[h]\"}]}", Format::Json, "/a/1/b"),
];

fn assert_reads_back(value: &str) {
    for (text, format, pointer) in PLACES {
        let after = spliced(text, *format, &values([("h", value)]));
        let json = (*format == Format::Json).then_some(JSON_READER);
        for (reader, read) in YAML_READERS.into_iter().chain(json) {
            let tree = read(&after).unwrap_or_else(|error| panic!("{reader} at {pointer}: {error}\n{after}"));
            assert_eq!(tree.pointer(pointer), Some(&json!(value)), "{reader} at {pointer}");
        }
    }
}

#[test]
fn values_that_look_like_something_else() {
    for value in [
        "",
        " ",
        "\t x \t",
        "\n",
        "\r\n",
        "a\n\nb\n",
        "- a",
        "a: b",
        "a #b",
        "# b",
        "{a: b}",
        "[a]",
        "'",
        "\"",
        "\\",
        "\\n",
        "\\u0041",
        "*a",
        "&a",
        "!t",
        "|",
        ">",
        "%",
        "@",
        "`",
        "?",
        "---",
        "...",
        "\n---\n",
        "~",
        "null",
        "true",
        "no",
        "0x1f",
        "017",
        "1_000",
        "1:30",
        "1e3",
        ".inf",
        "2001-01-01",
        "=",
        "<<",
        "ENC[h]",
        "ENC[other]",
        "\0\u{1}\u{7f}\u{85}\u{a0}\u{2028}\u{2029}\u{feff}",
        "é 日本 😀 \u{10ffff}",
    ] {
        assert_reads_back(value);
    }
}

/// The whole first plane of Unicode and the ends of all others: no character is read back as another, by any reader.
#[test]
fn every_character() {
    let ends = |c: &char| u32::from(*c) < 0x1_0000 || !(0x100..0xff00).contains(&(u32::from(*c) & 0xffff));
    let all: Vec<char> = ('\0'..=char::MAX).filter(ends).collect();
    for piece in all.chunks(0x8000) {
        let value: String = piece.iter().collect();
        let yaml = spliced("- ENC[h]\n", Format::Yaml, &values([("h", value.as_str())]));
        let json = spliced("[\"ENC[h]\"]", Format::Json, &values([("h", value.as_str())]));
        for ((reader, read), text) in
            YAML_READERS.into_iter().map(|reader| (reader, &yaml)).chain([(JSON_READER, &json)])
        {
            let tree = read(text).unwrap_or_else(|error| panic!("{reader}: {error}"));
            let found = tree.pointer("/0").and_then(Value::as_str).unwrap();
            let wrong = found.chars().zip(value.chars()).find(|(found, wanted)| found != wanted);
            assert_eq!(wrong, None, "{reader}");
            assert_eq!(found.len(), value.len(), "{reader}");
        }
    }
}

#[test]
fn a_value_of_a_mebibyte() {
    assert_reads_back(&"aé\"\n: #😀\u{1}".chars().cycle().take(1 << 20).collect::<String>());
}

/// A tree of strings and references.
#[derive(Debug, Clone)]
enum Tree {
    Text(String),
    Reference(usize, Notation),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

/// How a reference is written.
#[derive(Debug, Clone, Copy)]
enum Notation {
    Plain,
    Single,
    Double,
    Escaped,
    Literal,
    Folded,
    Tagged,
}

const HANDLES: usize = 3;

fn tree() -> impl Strategy<Value = Tree> {
    let notation = prop_oneof![
        Just(Notation::Plain),
        Just(Notation::Single),
        Just(Notation::Double),
        Just(Notation::Escaped),
        Just(Notation::Literal),
        Just(Notation::Folded),
        Just(Notation::Tagged),
    ];
    let leaf = prop_oneof![
        "[a-z #:'\\\\-]{0,8}".prop_map(Tree::Text),
        (0..HANDLES, notation).prop_map(|(h, n)| Tree::Reference(h, n))
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Tree::List),
            prop::collection::vec(inner, 1..5).prop_map(|values| {
                Tree::Map(values.into_iter().enumerate().map(|(n, value)| (format!("k{n}"), value)).collect())
            }),
        ]
    })
    .prop_filter("a root scalar is left alone", |tree| matches!(tree, Tree::List(_) | Tree::Map(_)))
}

impl Tree {
    fn with_values(&self, values: &[String]) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Reference(handle, _) => json!(values[*handle]),
            Self::List(items) => items.iter().map(|item| item.with_values(values)).collect(),
            Self::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.with_values(values)))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    fn to_json(&self) -> String {
        let names: Vec<String> = (0..HANDLES).map(|handle| format!("ENC[{handle}]")).collect();
        serde_json::to_string_pretty(&self.with_values(&names)).unwrap()
    }

    /// Block style, two columns a level, each node on lines of its own.
    fn to_yaml(&self, indent: usize, line: &str, out: &mut String) {
        let pad = " ".repeat(indent);
        match self {
            Self::Text(text) => out.push_str(&format!(" {}{line}", serde_json::to_string(text).unwrap())),
            Self::Reference(handle, notation) => {
                let text = match notation {
                    Notation::Plain => format!("ENC[{handle}] # c"),
                    Notation::Single => format!("'ENC[{handle}]'"),
                    Notation::Double => format!("\"ENC[{handle}]\"\t# \"c\""),
                    Notation::Escaped => format!("\"\\x45NC[{handle}\\u005d\""),
                    Notation::Literal => format!("|- # c{line}{pad}ENC[{handle}]{line}"),
                    Notation::Folded => format!(">-{line}{pad}ENC[{handle}]"),
                    Notation::Tagged => format!("!!str{line}{pad}ENC[{handle}]"),
                };
                out.push_str(&format!(" {text}{line}"));
            }
            Self::List(items) => {
                out.push_str(line);
                for item in items {
                    out.push_str(&format!("{pad}-"));
                    item.to_yaml(indent + 2, line, out);
                }
            }
            Self::Map(entries) => {
                out.push_str(&format!(" # {{{line}"));
                for (key, value) in entries {
                    out.push_str(&format!("{pad}{key}:"));
                    value.to_yaml(indent + 2, line, out);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_string_is_read_back(value in any::<String>()) {
        assert_reads_back(&value);
    }

    #[test]
    fn yaml_trees_keep_everything_else(tree in tree(), found in prop::collection::vec(any::<String>(), HANDLES), crlf: bool) {
        let mut text = "---".to_owned();
        tree.to_yaml(0, if crlf { "\r\n" } else { "\n" }, &mut text);
        let names: Vec<String> = (0..HANDLES).map(|handle| handle.to_string()).collect();
        let values = values(names.iter().map(String::as_str).zip(found.iter().map(String::as_str)));
        let after = spliced(&text, Format::Yaml, &values);
        for (reader, read) in YAML_READERS {
            prop_assert_eq!(read(&after), Ok(tree.with_values(&found)), "{} of {}", reader, after);
        }
    }

    #[test]
    fn json_trees_keep_everything_else(tree in tree(), found in prop::collection::vec(any::<String>(), HANDLES)) {
        let names: Vec<String> = (0..HANDLES).map(|handle| handle.to_string()).collect();
        let values = values(names.iter().map(String::as_str).zip(found.iter().map(String::as_str)));
        let after = spliced(&tree.to_json(), Format::Detect, &values);
        prop_assert_eq!(JSON_READER.1(&after), Ok(tree.with_values(&found)));
        for (reader, read) in YAML_READERS {
            prop_assert_eq!(read(&after), Ok(tree.with_values(&found)), "{}", reader);
        }
    }
}
