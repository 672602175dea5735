//! Whole documents: places, layout, and what is not shown at all.

use portcullis_agent::scrub::TreeError;

use super::{plain, scrubbed, shown};

#[test]
fn what_came_from_a_handle_is_hidden_at_its_place_and_only_there() {
    let rows: &[(&str, &[&str], &str)] = &[
        ("a: x\nb: x\n", &["b"], "a: x\nb: \"********\"\n"),
        ("a:\n- x\n- y\n", &["a/1"], "a:\n  - x\n  - \"********\"\n"),
        (
            "instances:\n- {user: x, data: y}\n",
            &["instances/0/data"],
            "instances:\n  - user: x\n    data: \"********\"\n",
        ),
        // It looks like a reference, but it is a value.
        ("a: \"ENC[x]\"\nb: ENC[x]\n", &["a"], "a: \"********\"\nb: ENC[x]\n"),
        ("password: \"ENC[x]\"\n", &["password"], "password: \"********\"\n"),
        ("api_key: abcdefgh\n", &["api_key"], "api_key: \"******gh\"\n"),
        ("a: &x v\nb: *x\n", &["a", "b"], "a: &a1 \"********\"\nb: \"********\"\n"),
        ("a: &x v\nb: *x\n", &["a"], "a: &a1 \"********\"\nb: *a1\n"),
        ("b: &m {p: v}\na:\n  <<: *m\n", &["b/p", "a/p"], "b: &a1\n  p: \"********\"\na:\n  <<: *a1\n"),
        ("a:\n  <<: {p: v}\n", &["a/p"], "a:\n  <<:\n    p: \"********\"\n"),
        ("a:\n  <<: [{p: v}, {q: w}]\n", &["a/q"], "a:\n  <<:\n    - p: v\n    - q: \"********\"\n"),
        ("a: x\n---\nb: x\n", &["b"], "---\na: x\n---\nb: \"********\"\n"),
        ("b: c\n", &["c"], "b: c\n"),
    ];
    for (text, places, expected) in rows {
        assert_eq!(shown(text, places, &[]), *expected, "{text}");
    }
}

#[test]
fn known_values_are_hidden_wherever_they_are() {
    let rows: &[(&str, &[&str], &str)] = &[
        ("a: has hunter2 inside\n", &["hunter2"], "a: \"has ******** inside\"\n"),
        ("hunter2: a\n", &["hunter2"], "\"********\": a\n"),
        ("a: '{\"k\": \"hun\\\"ter\"}'\n", &["hun\"ter"], "a: \"{\\\"k\\\": \\\"********\\\"}\"\n"),
        ("a: \"one\\ntwo\\nthree\"\n", &["one\ntwo"], "a: \"********\\nthree\"\n"),
        ("a: \"hidd\\u0085en\"\n", &["hidd\u{85}en"], "a: \"********\"\n"),
        ("p: 123456\n", &["123456"], "p: \"********\"\n"),
        ("a: hunter22hunter2\n", &["hunter2", "hunter22"], "a: \"****************\"\n"),
        // Too short to be looked for.
        ("a: abcde\n", &["abcde"], "a: abcde\n"),
        // It lies across what we write ourselves.
        ("one: two\n", &["one: two"], "********\n"),
        // Hiding it makes another.
        ("a: xhunter2y\n", &["hunter2", "x********y"], "a: \"********\"\n"),
        ("a: \"********\"\n", &["********"], "a: \"********\"\n"),
    ];
    for (text, values, expected) in rows {
        assert_eq!(shown(text, &[], values), *expected, "{text}");
    }
}

#[test]
fn layout() {
    let rows = [
        ("", ""),
        ("# hunter2\n", ""),
        ("a: b # hunter2\n", "a: b\n"),
        ("%YAML 1.2\n---\na: !hunter2 b\n", "a: \"b\"\n"),
        ("a: |\n  x\n  y\n", "a: \"x\\ny\\n\"\n"),
        ("a: 'it''s'\n", "a: \"it's\"\n"),
        ("--- ...\nl", "\"... l\"\n"),
        ("[]", "[]\n"),
        ("a: []\nb: {}\nc: [[]]\n", "a: []\nb: {}\nc:\n  - []\n"),
        ("- - a\n  - b\n- c: d\n  e: [f]\n", "- - a\n  - b\n- c: d\n  e:\n    - f\n"),
        ("? [a]\n: {b: c}\n", "? - a\n:\n  b: c\n"),
        ("- &x\n  a: b\n- *x\n", "- &a1\n  a: b\n- *a1\n"),
        ("&k a: 1\n*k : 2\n", "&a1 a : 1\n*a1 : 2\n"),
        (
            "password: &x {a: &y b}\nc: [*x, *y]\n",
            "password: &a1 \"********\"\nc:\n  - *a1\n  - \"********\"\n",
        ),
        (
            "a: -5\nb: .5\nc: ~\nd: 1e3\ne: 2026-01-01T00:00:00Z\nf: -.inf\n",
            "a: -5\nb: .5\nc: ~\nd: 1e3\ne: 2026-01-01T00:00:00Z\nf: -.inf\n",
        ),
        ("a: \"\\e[31m\\u202e\"\n", "a: \"\\u001b[31m\\u202e\"\n"),
        ("a:\nb: {c: }\n", "a: ~\nb:\n  c: ~\n"),
        ("'<<': {a: b}\n", "\"<<\":\n  a: b\n"),
        ("{\"a\": [1, \"b\", null, true]}", "\"a\":\n  - 1\n  - \"b\"\n  - null\n  - true\n"),
    ];
    for (text, expected) in rows {
        assert_eq!(plain(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_not_shown() {
    let deep = "[".repeat(129) + &"]".repeat(129);
    let fits = "[".repeat(128) + &"]".repeat(128);
    let rows: &[(&[u8], Option<TreeError>)] = &[
        (b"a: [hunter2\n", Some(TreeError::NotYaml { line: 1 })),
        (b"a: hunter2\nb: *hunter2\n", Some(TreeError::NotYaml { line: 2 })),
        (b"a: \xff hunter2\n", Some(TreeError::NotUtf8)),
        (deep.as_bytes(), Some(TreeError::TooDeep { limit: 128 })),
        (fits.as_bytes(), None),
    ];
    for (text, error) in rows {
        let shown = scrubbed(text, &[], &[]);
        assert_eq!(shown.as_ref().err(), error.as_ref(), "{}", String::from_utf8_lossy(text));
        assert!(error.is_none_or(|error| !error.to_string().contains("hunter2")));
    }
}
