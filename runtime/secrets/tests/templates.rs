//! Handles with template variables: what they mean, instance by instance.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use portcullis_secrets::{Document, Format, Handle, Variables};
use proptest::prelude::*;

/// `host` is `given`, `env` is `prod`, and nothing else is known.
fn variables() -> Variables {
    Variables::new(|name| match name {
        "host" => Some("given".to_owned()),
        "env" => Some("prod".to_owned()),
        _ => None,
    })
}

/// A text, its handles as they are meant, and `handle @ path` of every place.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const ROWS: &[Row] = &[
    (
        "the own instance first, then what is given",
        "instances:\n- { host: db1, user: 'ENC[u_%%host%%]', key: 'ENC[%%env%%/k]' }\n- { user: 'ENC[u_%%host%%]' }\n",
        &["u_db1", "prod/k", "u_given"],
        &["u_db1 @ instances/0/user", "prod/k @ instances/0/key", "u_given @ instances/1/user"],
    ),
    (
        "the same text means another handle in another instance, and the same in two that agree",
        "instances:\n- { host: a, p: 'ENC[%%host%%]' }\n- { host: b, p: 'ENC[%%host%%]' }\n- { host: a, p: 'ENC[%%host%%]' }\n",
        &["a", "b"],
        &["a @ instances/0/p", "b @ instances/1/p", "a @ instances/2/p"],
    ),
    (
        "a template and a handle that says the same are one",
        "x: ENC[u_given]\ny: ENC[u_%%host%%]\n",
        &["u_given"],
        &["u_given @ x", "u_given @ y"],
    ),
    (
        "a setting may stand below its use, and the use deep inside",
        "instances:\n- auth: { basic: { password: 'ENC[%%host%%:%%port%%]' } }\n  host: db1\n  port: 5432\n",
        &["db1:5432"],
        &["db1:5432 @ instances/0/auth/basic/password"],
    ),
    (
        "numbers, booleans and strings of any style",
        "instances:\n- { n: 0x1F, b: true, s: \"a b\", t: 'c', p: 'ENC[%%n%%,%%b%%,%%s%%,%%t%%]' }\n",
        &["0x1F,true,a b,c"],
        &["0x1F,true,a b,c @ instances/0/p"],
    ),
    (
        "nothing, containers, references and templates say nothing",
        "instances:\n- host:\n  env: ~\n  list: [a]\n  map: { a: b }\n  ref: ENC[r]\n  tpl: '%%host%%'\n  p: ENC[%%host%%-%%env%%-%%list%%-%%map%%-%%ref%%-%%tpl%%]\n",
        &["r", "given-prod-%%list%%-%%map%%-%%ref%%-%%tpl%%"],
        &["r @ instances/0/ref", "given-prod-%%list%%-%%map%%-%%ref%%-%%tpl%% @ instances/0/p"],
    ),
    (
        "only instances have variables of their own, and only their own settings",
        "init_config: { host: i, p: 'ENC[1%%host%%]' }\nother:\n- { host: o, p: 'ENC[2%%host%%]' }\ninstances:\n- { deep: { host: d }, p: 'ENC[3%%host%%]' }\n",
        &["1given", "2given", "3given"],
        &["1given @ init_config/p", "2given @ other/0/p", "3given @ instances/0/p"],
    ),
    (
        "a map of instances is none",
        "instances: { a: { host: x, p: 'ENC[%%host%%]' } }\n",
        &["given"],
        &["given @ instances/a/p"],
    ),
    (
        "the last of two equal settings",
        "instances:\n- { host: a, host: b, p: 'ENC[%%host%%]' }\n",
        &["b"],
        &["b @ instances/0/p"],
    ),
    (
        "an alias of a scalar says what its anchor says, one of a reference is what its anchor is",
        "instances:\n- { host: &h db1, p: &p 'ENC[%%host%%]' }\n- { host: *h, q: 'ENC[%%host%%]', p: *p }\n- { host: db3, p: *p }\n",
        &["db1"],
        &["db1 @ instances/0/p", "db1 @ instances/1/q", "db1 @ instances/1/p", "db1 @ instances/2/p"],
    ),
    (
        "a template in a container that instances share has nobody's settings",
        "x: &x { p: 'ENC[%%host%%]' }\ninstances:\n- { host: a, <<: *x }\n",
        &["given"],
        &["given @ x/p", "given @ instances/0/p"],
    ),
    (
        "documents of a stream know nothing of each other",
        "instances:\n- { host: a, p: 'ENC[%%host%%]' }\n---\ninstances:\n- { p: 'ENC[%%host%%]' }\n",
        &["a", "given"],
        &["a @ instances/0/p", "given @ instances/0/p"],
    ),
    (
        "JSON, with its escapes",
        r#"{"instances": [{"host": "a\u0062", "port": 1.5, "no": null, "p": "ENC[\u0025%host%%:%%port%%:%%no%%]"}]}"#,
        &["ab:1.5:%%no%%"],
        &["ab:1.5:%%no%% @ instances/0/p"],
    ),
    (
        "a setting that is spelled with escapes, for a template that is, too",
        "instances:\n- { host: \"d\\x62\", p: \"ENC[\\x25\\x25host\\x25\\x25]\" }\n",
        &["db"],
        &["db @ instances/0/p"],
    ),
];

#[test]
fn handles_are_what_their_templates_mean() {
    for (what, text, handles, places) in ROWS {
        let document = Document::scan("test", text.as_bytes(), Format::Detect).unwrap().expand(&variables());
        let found: Vec<&str> = document.handles().iter().map(Handle::as_str).collect();
        assert_eq!(found, *handles, "{what}");
        let found: Vec<String> =
            document.places().map(|place| format!("{} @ {}", place.handle(), place.path())).collect();
        assert_eq!(found, *places, "{what}");
    }
}

#[test]
fn each_place_gets_the_value_of_what_it_means() {
    let text = "instances:\n- host: a\n  p: ENC[%%host%%]\n- host: b\n  p: ENC[%%host%%]\n- p: |-\n    ENC[%%host%%]\n";
    let document =
        Document::scan("test", text.as_bytes(), Format::Yaml).unwrap().expand(&Variables::default());
    let values = [("a", "1"), ("b", "2")];
    let values: BTreeMap<Handle, _> = values.map(|(h, v)| (Handle::new(h.to_owned()), v.into())).into();
    let expected = "instances:\n- host: a\n  p: \"1\"\n- host: b\n  p: \"2\"\n- p: |-\n    ENC[%%host%%]\n";
    assert_eq!(std::str::from_utf8(&document.splice(&values)).unwrap(), expected);
}

proptest! {
    /// Without a template in it, a text is the same with variables and without.
    #[test]
    fn a_text_without_templates_stays_what_it_is(handles in prop::collection::vec("[a-z%\\\\\\]]{0,6}", 0..8)) {
        let text: String =
            handles.iter().map(|handle| format!("- {}\n", serde_json::json!(format!("ENC[{handle}]")))).collect();
        prop_assume!(!text.contains("%%"));
        let text = format!("host: x\ninstances:\n{text}");
        let plain = Document::scan("test", text.as_bytes(), Format::Yaml).unwrap();
        let all = |document: &Document<'_>| {
            let places = document.places().map(|place| (place.handle().clone(), place.path().elements(), place.line()));
            (document.handles().to_vec(), places.collect::<Vec<_>>())
        };
        let expected = all(&plain);
        prop_assert_eq!(all(&plain.expand(&variables())), expected);
    }

    /// Every handle once, every place with one of them, whatever the templates mean.
    #[test]
    fn what_is_meant_is_listed_once(
        hosts in prop::collection::vec("[ab]", 1..6),
        handles in prop::collection::vec(prop::sample::select(vec!["%%host%%", "a", "%%env%%", "%%no%%", "b%%host%%"]), 1..6),
    ) {
        let mut text = "instances:\n".to_owned();
        for (host, handle) in hosts.iter().zip(handles.iter().cycle()) {
            text += &format!("- {{ host: {host}, p: 'ENC[{handle}]', q: 'ENC[{handle}]' }}\n");
        }
        let document = Document::scan("test", text.as_bytes(), Format::Yaml).unwrap().expand(&variables());
        let mut once = document.handles().to_vec();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), document.handles().len());
        let mut used: Vec<Handle> = document.places().map(|place| place.handle().clone()).collect();
        prop_assert_eq!(used.len(), 2 * hosts.len());
        used.sort();
        used.dedup();
        prop_assert_eq!(used, once);
        for (place, host) in document.places().zip(hosts.iter().flat_map(|host| [host, host])) {
            let handle = place.handle().as_str();
            prop_assert!(!handle.contains("%%host%%"));
            if let Some(said) = handle.strip_prefix('b').filter(|said| said.len() == 1) {
                prop_assert_eq!(said, host.as_str());
            }
        }
    }
}
