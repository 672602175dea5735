//! Text from anywhere: parsers answer, and what they say gives no secret away.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use portcullis_policy::{Ceiling, EscapedText, Policy, PortcullisFile, Profile};
use proptest::prelude::*;

const MARKER: &str = "s3cr3t-m4rk3r";

/// Pieces from which nearly valid files are made.
const PIECES: [&str; 30] = [
    "version: 1\n",
    "providers:\n",
    "  a: ",
    "  b:\n",
    "    component: x\n",
    "    type: file.json\n",
    "    network:\n",
    "      - { name: d, origin: https://a.example, allow: [GET /**] }\n",
    "    filesystem: [{ host: /a }]\n",
    "routes:\n",
    "  - { prefix: x, to: a }\n",
    "    limits: { wall: 1s }\n",
    "    config:\n",
    "      k: v\n",
    "&x ",
    "*x",
    "<<: ",
    "{",
    "}",
    "[",
    "]",
    "- ",
    "\"",
    "'",
    "|\n",
    "!t ",
    "\t",
    "---\n",
    "\u{feff}",
    "%",
];

proptest! {
    #[test]
    fn parsers_answer_to_any_text(text in "\\PC{0,200}") {
        let _ = (PortcullisFile::parse("f", &text), Ceiling::parse("f", &text));
    }

    #[test]
    fn parsers_answer_to_nearly_valid_text(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24)) {
        let text = pieces.concat();
        if let Err(error) = PortcullisFile::parse("f", &text) {
            prop_assert!(error.line >= 1 && error.column >= 1 && !error.problem.is_empty());
        }
        let _ = Ceiling::parse("f", &text);
    }

    #[test]
    fn escaped_text_is_one_printable_line(bytes in prop::collection::vec(any::<u8>(), 0..200), cap in 0_usize..250) {
        let escaped = EscapedText::from_bytes(&bytes, cap);
        prop_assert!(!escaped.as_str().chars().any(char::is_control));
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(!EscapedText::new(&text, cap).as_str().chars().any(char::is_control));
        prop_assert_eq!(escaped.as_str().ends_with('…'), bytes.len() > cap || bytes.ends_with("…".as_bytes()));
    }
}

#[test]
fn guest_text_cannot_deceive_a_reader() {
    let table = [
        ("a\r\nERROR forged", r"a\r\nERROR forged"),
        ("\u{1b}[2J", r"\u{1b}[2J"),
        ("\u{202e}gpj.exe", r"\u{202e}gpj.exe"),
        ("zero\u{200b}width\u{feff}", r"zero\u{200b}width\u{feff}"),
        ("\u{2028}\u{85}\0", r"\u{2028}\u{85}\u{0}"),
        (r"\n", r"\\n"),
        ("\"name\" ü 漢", "\"name\" ü 漢"),
    ];
    for (text, expected) in table {
        assert_eq!(EscapedText::new(text, 1024).as_str(), expected);
    }
    assert_eq!(EscapedText::from_bytes(b"a\xff\xfeb", 1024).as_str(), r"a\xff\xfeb");
    assert_eq!(EscapedText::new("üü", 3).as_str(), "ü…");
}

#[test]
fn a_hostile_file_is_refused_in_words() {
    let bomb = format!(
        "a: &a [x, x, x, x]\n{}",
        (0..40).map(|i| format!("k{i}: &b{i} [*a, *a, *a, *a]\n")).collect::<String>()
    );
    let files = [
        "[".repeat(100_000),
        "a: {".repeat(10_000),
        format!("x: {}", "y".repeat(5 << 20)),
        "- ".repeat(200_000),
        bomb,
    ];
    for text in files {
        let error = PortcullisFile::parse("f", &text).map(|_| ()).unwrap_err();
        assert!(error.to_string().len() < 400, "{error}");
    }
}

#[test]
fn values_that_may_be_secret_appear_nowhere() {
    let provider = format!(
        "component: x, config: {{ token: {MARKER}, deep: [{{ token: {MARKER} }}] }}, \
         network: [{{ name: d, origin: https://a.example, allow: [GET /a], credential: {{ kind: bearer, from: {{ value: {MARKER} }} }} }}], \
         environment: {{ T: {{ from: HOST_T }} }}"
    );
    let text = format!("version: 1\nproviders:\n  a: {{ {provider} }}\n");
    let mut file = PortcullisFile::parse("f", &text).unwrap();
    let mut said = format!("{file:?}");
    let declared = file.providers.remove("a").unwrap();
    let policy = Policy::compile(declared.name, Profile::Custom, declared.grants, None).unwrap();
    let environment = policy.decide_environment(|_| Some(MARKER.to_owned()));
    said += &format!(
        "{policy:?} {environment:?} {} {}",
        policy.explain(),
        serde_json::to_string(&policy.explain()).unwrap()
    );
    for broken in [
        format!("version: 1\nproviders:\n  a: {{ component: x, config: {{ token: '{MARKER}' }}, x: 1 }}\n"),
        format!("version: 1\nproviders:\n  a: {{ component: x, config: [{MARKER}] }}\n"),
        format!("version: 1\nproviders:\n  a: {{ component: x, config: {{ token: \"{MARKER}\n"),
        format!("version: 1\nproviders:\n  a: {{ component: x, config: {{ token: !tag {MARKER} }} }}\n"),
        format!(
            "version: 1\nproviders:\n  a: {{ component: x, network: [{{ name: d, origin: https://a.example, allow: [GET /a], credential: {{ kind: bearer, from: {{ value: [{MARKER}] }} }} }}] }}\n"
        ),
    ] {
        let error = PortcullisFile::parse("f", &broken).map(|_| ()).unwrap_err();
        said += &format!("{error} {error:?}");
    }
    assert!(!said.contains(MARKER), "{said}");
}
