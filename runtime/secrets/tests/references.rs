//! Which strings are references, in what order, and at which path.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{places, spliced, values};
use portcullis_secrets::{Document, Format, Handle};

/// A text, and `handle @ path` of every place in it.
type Row = (&'static str, &'static str, &'static [&'static str]);

const ROWS: &[Row] = &[
    (
        "every depth",
        "slice:\n- ENC[1]\n- [\"ENC[t1]\", 'ENC[t2]']\n- 123\nmap:\n  a: ENC[t3]\n  b: \"ENC[2]\"\n  c: 456\n  slice: ['ENC[t4]', 'ENC[t5]']\n",
        &[
            "1 @ slice/0",
            "t1 @ slice/1/0",
            "t2 @ slice/1/1",
            "t3 @ map/a",
            "2 @ map/b",
            "t4 @ map/slice/0",
            "t5 @ map/slice/1",
        ],
    ),
    ("list", "secret_backend_arguments:\n- ENC[pass1]\n", &["pass1 @ secret_backend_arguments/0"]),
    (
        "index into a list",
        "additional_endpoints:\n  http://example.com:\n  - ENC[pass1]\n  - data\n",
        &["pass1 @ additional_endpoints/http://example.com/0"],
    ),
    ("a block scalar that the text ends in, with blanks behind its line break", "a: |\n  ENC[x]\n  ", &[]),
    ("and without the line break", "a: |\n  ENC[x]", &["x @ a"]),
    ("nested", "some:\n  encoded:\n    data: ENC[pass1]\n", &["pass1 @ some/encoded/data"]),
    (
        "sibling",
        "some:\n  encoded:\n  - data: ENC[pass1]\n    sibling: text\n",
        &["pass1 @ some/encoded/0/data"],
    ),
    (
        "two instances",
        "instances:\n- password: ENC[pass1]\n  user: test\n- password: ENC[pass2]\n  user: test2\n",
        &["pass1 @ instances/0/password", "pass2 @ instances/1/password"],
    ),
    (
        "used twice",
        "instances:\n- password: ENC[pass1]\n  user: test\nlist: [1, 'ENC[pass1]']\n",
        &["pass1 @ instances/0/password", "pass1 @ list/1"],
    ),
    (
        "proxy",
        "proxy:\n  http: ENC[http]\n  https: ENC[https]\n  no_proxy:\n  - ENC[no1]\n  - ENC[no2]\n",
        &["http @ proxy/http", "https @ proxy/https", "no1 @ proxy/no_proxy/0", "no2 @ proxy/no_proxy/1"],
    ),
    (
        "dotted keys",
        "additional_endpoints:\n  https://a.example: [\"ENC[k]\"]\nprocess_config.additional_endpoints:\n  https://b.example: [\"ENC[k]\"]\n",
        &[
            "k @ additional_endpoints/https://a.example/0",
            "k @ process_config.additional_endpoints/https://b.example/0",
        ],
    ),
    (
        "filtered by nobody here",
        "- ENC[non_k8s_value]\n- ENC[k8s_secret@namespace1/sec1/key1]\n- ENC[k8s_secret@default/sec1/key1]\n",
        &["non_k8s_value @ 0", "k8s_secret@namespace1/sec1/key1 @ 1", "k8s_secret@default/sec1/key1 @ 2"],
    ),
    ("keys that are no strings", "1: {true: {~: 'ENC[a]'}}\n", &["a @ 1/true/~"]),
    (
        "keys that are containers",
        "? [a, 'ENC[x]']\n: ENC[a]\n? {k: 'ENC[x]'}\n: ENC[b]\n",
        &["a @ […]", "b @ {…}"],
    ),
    ("a key of many lines", "\"a\\nb\": ENC[h]\n", &["h @ a\\nb"]),
    ("after containers", "a: [[1], {b: [2]}]\nc: ENC[h]\nd:\n- - 1\n- ENC[i]\n", &["h @ c", "i @ d/1"]),
    ("every document", "a: ENC[x]\n---\n- ENC[y]\n", &["x @ a", "y @ 0"]),
    ("alias", "a: &a ENC[x]\nb: [*a, *a]\n", &["x @ a", "x @ b/0", "x @ b/1"]),
    ("alias of a key", "&a ENC[x]: [*a]\n", &["x @ ENC[x]/0"]),
    ("alias as key", "a: &a ENC[x]\n*a : {b: 'ENC[y]'}\n", &["x @ a", "y @ ENC[x]/b"]),
    ("alias of a container as key", "a: &a ['ENC[x]']\n? *a\n: ENC[y]\n", &["x @ a/0", "y @ *"]),
    ("anchor of another document", "a: &a ENC[x]\n---\na: &a 1\nb: *a\n", &["x @ a"]),
    ("anchor defined anew", "- &a ENC[x]\n- *a\n- &a 1\n- *a\n", &["x @ 0", "x @ 1"]),
    ("alias of a container", "a: &a\n  k: [{p: 'ENC[x]'}]\nb: *a\n", &["x @ a/k/0/p", "x @ b/k/0/p"]),
    ("merge key", "a: &a\n  k: ENC[x]\nb:\n  <<: *a\n  l: ENC[y]\n", &["x @ a/k", "x @ b/k", "y @ b/l"]),
    (
        "merge key with a list",
        "- &a {k: 'ENC[x]'}\n- &b {l: 'ENC[y]'}\n- <<: [*a, *b, {m: 'ENC[z]'}]\n",
        &["x @ 0/k", "y @ 1/l", "x @ 2/k", "y @ 2/l", "z @ 2/m"],
    ),
    ("merge key at the root", "<<: {k: 'ENC[x]'}\n", &["x @ k"]),
    ("a quoted << merges nothing", "'<<': {k: 'ENC[x]'}\n", &["x @ <</k"]),
    ("a container inside itself", "a: &a\n  k: ENC[x]\n  self: *a\nb: *a\n", &["x @ a/k", "x @ b/k"]),
    ("no references", "a: enc[x]\nb: x-ENC[y]\n# ENC[z]\n", &[]),
    ("root scalar", "ENC[x]\n", &[]),
    ("nothing", "", &[]),
    ("only comments", "# ENC[x]\n\n---\n...\n", &[]),
    ("non-strings", "a: 123\nb: 1.5\nc: true\nd: null\ne: 2001-01-01\nf: ENC[x]\n", &["x @ f"]),
];

#[test]
fn references_are_found_at_their_paths() {
    for (name, text, expected) in ROWS {
        assert_eq!(places(text, Format::Yaml), *expected, "{name}");
    }
}

#[test]
fn json_paths() {
    for (text, expected) in [
        (r#"{"a":[0,{"b":"ENC[x]"}],"c":"ENC[y]"}"#, vec!["x @ a/1/b", "y @ c"]),
        (r#"{"a":[],"b":{},"c":["ENC[x]","ENC[x]"]}"#, vec!["x @ c/0", "x @ c/1"]),
        (r#"{"k":"ENC[x]","k":"ENC[y]"}"#, vec!["x @ k", "y @ k"]),
        (r#"[[],[[]],"ENC[x]"]"#, vec!["x @ 2"]),
        (r#""ENC[x]""#, vec![]),
    ] {
        assert_eq!(places(text, Format::Json), expected);
        assert_eq!(places(text, Format::Detect), expected);
    }
}

#[test]
fn handles_come_once_in_the_order_of_the_text() {
    let text = b"a: ENC[z]\nb: ENC[y]\nc: ENC[z]\nd: ENC[a]\n";
    let document = Document::scan("test", text, Format::Yaml).unwrap();
    assert_eq!(document.handles().iter().map(Handle::as_str).collect::<Vec<_>>(), ["z", "y", "a"]);
}

#[test]
fn places_have_lines_and_columns() {
    for (format, text, expected) in [
        (Format::Yaml, "a: ENC[x]\r\né: [1, 'ENC[x]']\n", vec![(1, 4), (2, 8)]),
        (Format::Yaml, "a: &a\n  # c\n  ENC[x]\nb: *a\n", vec![(3, 3), (4, 4)]),
        (Format::Yaml, "a: !!str |- # c\n  ENC[x]\n", vec![(1, 10)]),
        (Format::Yaml, "\u{feff}a: ENC[x]\n", vec![(1, 4)]),
        (Format::Json, "{\"é\":\"ENC[x]\",\r\n\"b\":[\n\"ENC[x]\"]}", vec![(1, 6), (3, 1)]),
        (Format::Json, "\u{feff}[\"ENC[x]\",\"ENC[y]\"]", vec![(1, 2), (1, 11)]),
    ] {
        let document = Document::scan("test", text.as_bytes(), format).unwrap();
        let found: Vec<_> = document.places().map(|place| (place.line(), place.column())).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn path_elements_are_the_keys_as_they_are() {
    let document = Document::scan("test", b"\"a/b\\n\": [{'': 'ENC[x]'}]\n", Format::Yaml).unwrap();
    let place = document.places().next().unwrap();
    assert_eq!(place.path().elements(), ["a/b\n", "0", ""]);
    assert_eq!(place.path().to_string(), "a/b\\n/0/");
}

#[test]
fn a_dash_elsewhere_stays_a_string() {
    let text = "a: ENC[pass1]\nb: '-'\nc: \"-\"\n";
    assert_eq!(
        spliced(text, Format::Yaml, &values([("pass1", "password1\n")])),
        "a: \"password1\\n\"\nb: '-'\nc: \"-\"\n"
    );
}

/// Handles behind aliases of aliases multiply; the list of places does not, and the splice is right all the same.
#[test]
fn aliases_of_aliases_stay_bounded() {
    let mut text = "l0: &l0 ['ENC[x]', 'ENC[x]']\n".to_owned();
    for level in 1..60 {
        let below = level - 1;
        text.push_str(&format!("l{level}: &l{level} [*l{below}, *l{below}, *l{below}]\n"));
    }
    let document = Document::scan("test", text.as_bytes(), Format::Yaml).unwrap();
    assert!(document.places().count() < 10_000);
    let found = spliced(&text, Format::Yaml, &values([("x", "v")]));
    assert_eq!(found, text.replacen("'ENC[x]', 'ENC[x]'", "\"v\", \"v\"", 1));
}
