//! A splice changes the bytes of the scalar and nothing else, in whatever notation and surroundings it stands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{JSON_READER, YAML_READERS, spliced, values};
use portcullis_secrets::{Format, handle_in};
use serde_json::Value;

struct Row {
    name: &'static str,
    before: &'static str,
    after: &'static str,
}

const fn row(name: &'static str, before: &'static str, after: &'static str) -> Row {
    Row { name, before, after }
}

/// The values of the rows: handle `h` is `v`, `i` is hostile, everything else has none.
const VALUES: [(&str, &str); 5] =
    [("h", "v"), ("i", "- a: \"b\" # c\n"), ("a b", "folded"), ("a\nb", "lines"), ("", "empty name")];

const YAML: &[Row] = &[
    // Every notation of a scalar, as a map's value.
    row("plain", "k: ENC[h]\n", "k: \"v\"\n"),
    row("single-quoted", "k: 'ENC[h]'\n", "k: \"v\"\n"),
    row("double-quoted", "k: \"ENC[h]\"\n", "k: \"v\"\n"),
    row("escaped", "k: \"\\x45\\u004e\\U00000043[h\\x5d\"\n", "k: \"v\"\n"),
    row("joined lines", "k: \"EN\\\n  C[h]\"\n", "k: \"v\"\n"),
    row("literal block", "k: |-\n  ENC[h]\nn: 1\n", "k: \"v\"\nn: 1\n"),
    row("folded block", "k: >-\n  ENC[a\n  b]\nn: 1\n", "k: \"folded\"\nn: 1\n"),
    row("literal block of two lines", "k: |-\n  ENC[a\n  b]\nn: 1\n", "k: \"lines\"\nn: 1\n"),
    row("block with indentation", "k: |4-\n    ENC[h]\nn: 1\n", "k: \"v\"\nn: 1\n"),
    row("block with indentation last", "k: |-4\n    ENC[h]\nn: 1\n", "k: \"v\"\nn: 1\n"),
    row("block with deeper first line", "k: |1-\n   ENC[h]\nn: 1\n", "k: \"v\"\nn: 1\n"),
    row("block with comment", "k: |- # c | d\n  ENC[h]\nn: 1\n", "k: \"v\" # c | d\nn: 1\n"),
    row("block before blank lines", "k: |-\n  ENC[h]\n\n \nn: 1\n", "k: \"v\"\n\n \nn: 1\n"),
    row("block before comments", "k: |-\n  ENC[h]\n# c\n  # d\nn: 1\n", "k: \"v\"\n# c\n  # d\nn: 1\n"),
    row("block at the end", "k: |-\n  ENC[h]", "k: \"v\""),
    row("clipped block cut off", "k: |\n  ENC[h]", "k: \"v\""),
    row("block with blanks after", "k: |-\n  ENC[h] \t\nn: 1\n", "k: \"v\" \t\nn: 1\n"),
    row("block, header on its own line", "k:\n  |-\n  ENC[h]\nn: 1\n", "k:\n  \"v\"\nn: 1\n"),
    row("block, key with bars", "\"a|b>\": |-\n  ENC[h]\nn: 1\n", "\"a|b>\": \"v\"\nn: 1\n"),
    row("block, anchor with bars", "k: &a|b |-\n  ENC[h]\nn: 1\n", "k: &a|b \"v\"\nn: 1\n"),
    row("block in lists", "- - |-\n    ENC[h]\n  - 1\n", "- - \"v\"\n  - 1\n"),
    row("block of an explicit key", "? k\n: |-\n  ENC[h]\n", "? k\n: \"v\"\n"),
    row("plain over lines", "k: ENC[a\n  b]\nn: 1\n", "k: \"folded\"\nn: 1\n"),
    row("quoted over lines", "k: 'ENC[a\n\n  b]' # c\nn: 1\n", "k: \"lines\" # c\nn: 1\n"),
    row("on the next line", "k:\n    ENC[h]\nn: 1\n", "k:\n    \"v\"\nn: 1\n"),
    row("blanks inside the quotes", "k: ' ENC[h]\t'\n", "k: \"v\"\n"),
    row("empty handle", "k: ENC[]\n", "k: \"empty name\"\n"),
    // Every context.
    row("list item", "- ENC[h]\n- 'ENC[h]'\n", "- \"v\"\n- \"v\"\n"),
    row("unindented list", "k:\n- ENC[h]\n", "k:\n- \"v\"\n"),
    row("lists in lists", "- - - ENC[h]\n", "- - - \"v\"\n"),
    row("map in list", "- a: ENC[h]\n  b: 1\n", "- a: \"v\"\n  b: 1\n"),
    row("flow list", "k: ['ENC[h]', \"ENC[h]\" ,x]\n", "k: [\"v\", \"v\" ,x]\n"),
    row("flow map", "{a: 'ENC[h]','b':\"ENC[h]\"}\n", "{a: \"v\",'b':\"v\"}\n"),
    row("flow map over lines", "k: {\n  a: 'ENC[h]', # c\n  }\n", "k: {\n  a: \"v\", # c\n  }\n"),
    row("pair in flow list", "[a: 'ENC[h]']\n", "[a: \"v\"]\n"),
    row("explicit key", "? a\n: ENC[h]\n", "? a\n: \"v\"\n"),
    row("keys of other types", "1: ENC[h]\n~: ENC[h]\n", "1: \"v\"\n~: \"v\"\n"),
    // What surrounds it.
    row("comment", "# ENC[h]\nk:   ENC[h]   # ENC[h]\n", "# ENC[h]\nk:   \"v\"   # ENC[h]\n"),
    row("tabs", "k:\tENC[h]\t# c\n", "k:\t\"v\"\t# c\n"),
    row("tabs below", "k: ENC[h] \n  \t\n \n  \t # c\n", "k: \"v\" \n  \n \n  # c\n"),
    row("CRLF", "a: ENC[h]\r\nb: |-\r\n  ENC[h]\r\n\r\nc: 1\r\n", "a: \"v\"\r\nb: \"v\"\r\n\r\nc: 1\r\n"),
    row("byte order mark", "\u{feff}k: ENC[h]\n", "\u{feff}k: \"v\"\n"),
    row("no final line break", "k: ENC[h]", "k: \"v\""),
    row("order and layout", "z: 1\n\n\na:    ENC[h]\nm: { }\n", "z: 1\n\n\na:    \"v\"\nm: { }\n"),
    row("not ASCII", "é: 日本 # 😀\nü: ENC[h] # ö\n", "é: 日本 # 😀\nü: \"v\" # ö\n"),
    row("directive and markers", "%YAML 1.2\n---\nk: ENC[h]\n...\n", "%YAML 1.2\n---\nk: \"v\"\n...\n"),
    row(
        "every document",
        "a: ENC[h]\n---\n- ENC[h]\n--- {b: 'ENC[h]'}\n",
        "a: \"v\"\n---\n- \"v\"\n--- {b: \"v\"}\n",
    ),
    // Properties.
    row("tag", "k: !!str ENC[h]\n", "k: \"v\"\n"),
    row("binary tag", "k: !!binary   'ENC[h]'\n", "k: \"v\"\n"),
    row("tag of a block", "k: !!str |-\n  ENC[h]\nn: 1\n", "k: \"v\"\nn: 1\n"),
    row("tag and comment", "- !!str # c\n  ENC[h]\n", "- # c\n  \"v\"\n"),
    row("verbatim tag", "k: !<tag:x> |-\n  ENC[h]\n", "k: \"v\"\n"),
    row("tag of the list stays", "k: !!seq [!!str 'ENC[h]']\n", "k: !!seq [\"v\"]\n"),
    row("anchor", "k: &a ENC[h]\nn: *a\n", "k: &a \"v\"\nn: *a\n"),
    row("anchor and tag", "k: &a !!str ENC[h]\n", "k: &a \"v\"\n"),
    row("tag and anchor", "k: !!str &a ENC[h]\n", "k: &a \"v\"\n"),
    row(
        "merge key",
        "a: &a\n  k: ENC[h]\nb:\n  <<: *a\n  c: 1\n",
        "a: &a\n  k: \"v\"\nb:\n  <<: *a\n  c: 1\n",
    ),
    // What stays.
    row("keys", "ENC[h]: ENC[h]\n'ENC[i]': 1\n", "ENC[h]: \"v\"\n'ENC[i]': 1\n"),
    row("anchored key", "&a ENC[h]: *a\n", "&a ENC[h]: \"v\"\n"),
    row("alias as key", "k: &a ENC[h]\n*a : 1\n", "k: &a \"v\"\n\"ENC[h]\" : 1\n"),
    row("no value", "a: ENC[unknown]\nb: ENC[h]\n", "a: ENC[unknown]\nb: \"v\"\n"),
    row("block without value", "a: !!str |-\n  ENC[unknown]\n", "a: !!str |-\n  ENC[unknown]\n"),
    row("part of a string", "a: x ENC[h]\nb: ENC[h]x\nc: enc[h]\n", "a: x ENC[h]\nb: ENC[h]x\nc: enc[h]\n"),
    row("block with final line break", "k: |\n  ENC[h]\nn: 1\n", "k: |\n  ENC[h]\nn: 1\n"),
    row("root", "ENC[h]\n", "ENC[h]\n"),
    row("root in quotes", "--- 'ENC[h]'\n", "--- 'ENC[h]'\n"),
    row("JSON in a string", "k: '{\"a\": \"ENC[h]\"}'\n", "k: '{\"a\": \"ENC[h]\"}'\n"),
    // Values.
    row("hostile value", "a: ENC[i]\nb: 1\n", "a: \"- a: \\\"b\\\" # c\\n\"\nb: 1\n"),
    row("hostile value in flow", "{a: 'ENC[i]', b: 1}\n", "{a: \"- a: \\\"b\\\" # c\\n\", b: 1}\n"),
];

#[test]
fn yaml_keeps_its_layout() {
    let values = values(VALUES);
    for Row { name, before, after } in YAML {
        assert_eq!(spliced(before, Format::Yaml, &values), *after, "{name}");
    }
}

/// Rows that a reader cannot read, or reads otherwise than the agents' parsers do, already before the splice.
const BEYOND: [(&str, &str); 6] = [
    ("clipped block cut off", "yaml-rust2"),
    ("clipped block cut off", "saphyr"),
    ("block, anchor with bars", "libyaml"),
    ("keys of other types", "saphyr"),
    ("tabs", "yaml-rust2"),
    ("binary tag", "saphyr"),
];

#[test]
fn every_reader_finds_the_values_and_all_else_as_before() {
    let mut beyond = Vec::new();
    for Row { name, before, after } in YAML {
        for (reader, read) in YAML_READERS {
            let Ok(mut expected) = read(before) else {
                beyond.push((*name, reader));
                continue;
            };
            replace(&mut expected);
            let found = read(after);
            if found.as_ref() != Ok(&expected) {
                println!("{name}: {reader} finds {found:?} for {expected:?}");
                beyond.push((*name, reader));
            }
        }
    }
    assert_eq!(beyond, BEYOND);
}

/// What a splice should do, done to the tree: references among the values become values. (A root stays.)
fn replace(value: &mut Value) {
    let replace_child = |child: &mut Value| {
        let handle = child.as_str().and_then(handle_in);
        match handle.and_then(|handle| VALUES.iter().find(|(name, _)| *name == handle.as_str())) {
            Some((_, value)) => *child = Value::from(*value),
            None => replace(child),
        }
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(replace_child),
        Value::Object(map) => map.values_mut().for_each(replace_child),
        _ => {}
    }
}

const JSON: &[Row] = &[
    row("value", r#"{"k": "ENC[h]"}"#, r#"{"k": "v"}"#),
    row("item", r#"["ENC[h]","ENC[h]"]"#, r#"["v","v"]"#),
    row("nested", r#"{"a":[1,{"b":[[ "ENC[h]" ]]}],"c":true}"#, r#"{"a":[1,{"b":[[ "v" ]]}],"c":true}"#),
    row("escapes", r#"["\u0045NC\u005Bh]", "\u0045NC[\n]"]"#, r#"["v", "\u0045NC[\n]"]"#),
    row("layout", "\u{feff} {\r\n\t\"k\" : \"ENC[h]\"\r\n}\n", "\u{feff} {\r\n\t\"k\" : \"v\"\r\n}\n"),
    row("same key twice", r#"{"k":"ENC[h]","k":"ENC[h]"}"#, r#"{"k":"v","k":"v"}"#),
    row("keys", r#"{"ENC[h]":"ENC[h]"}"#, r#"{"ENC[h]":"v"}"#),
    row(
        "scalars",
        r#"[1,-0.5e+10,true,false,null,"x ENC[h]"]"#,
        r#"[1,-0.5e+10,true,false,null,"x ENC[h]"]"#,
    ),
    row("root", r#""ENC[h]""#, r#""ENC[h]""#),
    row("empty containers", r#"[[],{},"ENC[h]"]"#, r#"[[],{},"v"]"#),
    row("hostile value", r#"{"a":"ENC[i]"}"#, r#"{"a":"- a: \"b\" # c\n"}"#),
];

#[test]
fn json_keeps_its_layout() {
    let values = values(VALUES);
    for Row { name, before, after } in JSON {
        for format in [Format::Json, Format::Detect] {
            assert_eq!(spliced(before, format, &values), *after, "{name}");
        }
        assert!(JSON_READER.1(after.trim_start_matches('\u{feff}')).is_ok(), "{name}");
    }
}

#[test]
fn what_is_both_reads_the_same_as_either() {
    let values = values(VALUES);
    for Row { name, before, after } in JSON {
        assert_eq!(spliced(before, Format::Yaml, &values), *after, "{name}");
    }
}
