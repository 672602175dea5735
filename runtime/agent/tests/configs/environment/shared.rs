//! What a text shares with itself by anchors, and what else must not change: exactly these texts.

use super::{Variables, text};

#[test]
fn anchors_stay_for_who_else_uses_them() {
    let key: Variables<'_> = &[("DD_API_KEY", "new")];
    let logs: Variables<'_> = &[("DD_LOGS_CONFIG_API_KEY", "new")];
    let rows = [
        // A value that another has by an alias.
        ("api_key: &k ENC[h]\nb: *k\nc: *k\n", key, "api_key: \"new\"\nb: &a1 ENC[h]\nc: *a1\n"),
        ("b: &k ENC[h]\napi_key: *k\n", key, "b: &a1 ENC[h]\napi_key: \"new\"\n"),
        // One inside of it, of which the outer one knows.
        (
            "api_key: &o [&i 'ENC[h]', *i]\nb: *i\nc: *o\n",
            key,
            "api_key:\n  - \"new\"\nb: &a1 \"ENC[h]\"\nc: &a2\n  - *a1\n  - *a1\n",
        ),
        // A section that is an alias, and one that has some.
        (
            "b: &s {api_key: 'ENC[h]', x: &y 1}\nlogs_config: *s\n",
            logs,
            "b: &a1\n  api_key: \"ENC[h]\"\n  x: &a2 1\nlogs_config:\n  api_key: \"new\"\n  x: 1\n",
        ),
        (
            "logs_config: &s {api_key: 'ENC[h]', x: &y 1}\nb: *s\nc: *y\n",
            logs,
            "logs_config:\n  api_key: \"new\"\n  x: &a1 1\nb: &a2\n  api_key: \"ENC[h]\"\n  x: *a1\nc: *a1\n",
        ),
        // Merged: what is written beside it wins.
        (
            "b: &s {api_key: 'ENC[h]'}\nlogs_config: {<<: *s, x: 1}\n",
            logs,
            "b: &a1\n  api_key: \"ENC[h]\"\nlogs_config:\n  <<: *a1\n  x: 1\n  api_key: \"new\"\n",
        ),
        (
            "b: &s {logs_config: {api_key: 'ENC[h]', x: 1}}\n<<: *s\n",
            logs,
            "b: &a1\n  logs_config:\n    api_key: \"ENC[h]\"\n    x: 1\n<<: *a1\nlogs_config:\n  api_key: \"new\"\n  x: 1\n",
        ),
        // Nobody knows it any more, and the next one has its name.
        ("&r {&k api_key: 'ENC[h]', b: *k}\n", key, "&a1 api_key : \"new\"\nb: *a1\n"),
        // Inside itself.
        ("api_key: ENC[h]\nb: &b [*b]\n", key, "api_key: \"new\"\nb: &a1\n  - *a1\n"),
        ("&r\napi_key: ENC[h]\nb: *r\n", key, "api_key: \"new\"\nb: &a1\n  api_key: ENC[h]\n  b: *a1\n"),
    ];
    for (file, variables, expected) in rows {
        assert_eq!(text(file, variables), expected, "{file}");
    }
}

#[test]
fn a_long_chain_of_anchors_is_refused_and_not_followed() {
    let links: String = (1..2_000).map(|link| format!("  - &l{link} [[[[*l{}]]]]\n", link - 1)).collect();
    let file = format!("api_key:\n  - &l0 ENC[h]\n{links}z: *l1999\n");
    let found = super::merged(&file, &[("DD_API_KEY", "ENC[i]")]);
    assert!(found.text.is_none());
    assert!(found.left_out[0].to_string().contains("more than 128 lists and maps"), "{}", found.left_out[0]);
}

#[test]
fn other_values_stay_what_they_are() {
    let rows = [
        ("1", "1"),
        ("'1'", "\"1\""),
        ("-.125", "-.125"),
        ("+.5", "+.5"),
        ("-.inf", "-.inf"),
        (".nan", ".nan"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("'yes'", "\"yes\""),
        ("2026-01-02 03:04:05", "2026-01-02 03:04:05"),
        ("!!int '7'", "!!int \"7\""),
        ("!!str 7", "!!str 7"),
        ("!!str", "!!str"),
        ("! 7", "! 7"),
        ("!local%21 7", "!local%21 7"),
        ("!<tag:a.example:b> 7", "!<tag:a.example:b> 7"),
        ("!!binary aGk=", "!!binary aGk="),
        ("!!set {a: }", "!!set\n  a: ~"),
        ("&x !!str 7", "&a1 !!str 7"),
        ("|-\n  one\n  two", "\"one\\ntwo\""),
    ];
    for (value, expected) in rows {
        let found = text(&format!("v: {value}\nw: x\n"), &[("DD_API_KEY", "ENC[h]")]);
        assert_eq!(found, format!("v: {expected}\nw: x\napi_key: \"ENC[h]\"\n"), "{value}");
    }
    // A tag that a directive explains, a second document, and a text that ends in a block.
    let rows = [
        ("%TAG !e! tag:e.example:\n---\na: !e!x 1\n", "a: !<tag:e.example:x> 1\napi_key: \"ENC[h]\"\n"),
        ("a: 1\n---\nb: 2\n", "---\na: 1\napi_key: \"ENC[h]\"\n---\nb: 2\n"),
        ("a: |\n  ENC[x]", "a: \"ENC[x]\"\napi_key: \"ENC[h]\"\n"),
        ("a: |\n  ENC[x]\n  ", "a: \"ENC[x]\\n\"\napi_key: \"ENC[h]\"\n"),
        ("a: |\n  ENC[x]\n", "a: \"ENC[x]\\n\"\napi_key: \"ENC[h]\"\n"),
        ("\u{feff}a: 1\n", "a: 1\napi_key: \"ENC[h]\"\n"),
        ("{\"a\": 1, \"b\": \"1\"}", "\"a\": 1\n\"b\": \"1\"\napi_key: \"ENC[h]\"\n"),
    ];
    for (file, expected) in rows {
        assert_eq!(text(file, &[("DD_API_KEY", "ENC[h]")]), expected, "{file:?}");
    }
}
