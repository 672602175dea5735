//! Settings with markers in them, and the ways by which they come to a backend.

use std::path::Path;
use std::time::Duration;

use portcullis::{Configuration, Plan};
use portcullis_compat::json;
use portcullis_compat::settings::{Field, Kind, Place};
use serde_json::{Map, Value, json};

/// Stands in every setting of the host's, with a number that tells which.
pub(crate) const MARKER: &str = "hunter2";
/// Stands in every setting of the guest's.
pub(crate) const SEEN: &str = "for-the-guest";

/// How a key is spelt: the reference takes any case.
pub(crate) const SPELLINGS: [fn(&str) -> String; 3] = [str::to_owned, str::to_uppercase, |key| {
    let mut at = 0;
    key.chars()
        .map(|c| {
            at += 1;
            if at % 2 == 0 { c.to_ascii_uppercase() } else { c }
        })
        .collect()
}];

/// Every setting of a table, and unknown ones where the host's are.
pub(crate) fn filled(fields: &[Field], spelling: fn(&str) -> String) -> Map<String, Value> {
    let value = |field: &Field| match &field.kind {
        Kind::Struct(inner) => {
            let mut inner = filled(inner, spelling);
            inner.insert("token_of_tomorrow".to_owned(), marker("tomorrow"));
            inner.insert("deep".to_owned(), json!({ "list": [{ "password": marker("deep") }] }));
            Value::Object(inner)
        }
        Kind::Str if field.place == Place::Guest => json!(SEEN),
        Kind::Str => marker(field.key),
        Kind::Int64 => json!(4096),
        Kind::Bool => json!(true),
    };
    fields.iter().map(|field| (spelling(field.key), value(field))).collect()
}

/// Credentials one level too high, as dotted keys, and in maps and lists that no table knows.
pub(crate) fn misplaced(fields: &[Field]) -> Map<String, Value> {
    let mut flat = Map::new();
    for field in fields {
        if let Kind::Struct(inner) = &field.kind {
            for inner in inner.iter().filter(|inner| inner.place == Place::HostCredential) {
                flat.insert(inner.key.to_owned(), marker(inner.key));
                flat.insert(format!("{}.{}", field.key, inner.key), marker(inner.key));
            }
        }
    }
    let below = Value::Object(flat.clone());
    flat.insert("other".to_owned(), json!({ "list": [below, { "new_session": { "a": marker("new") } }] }));
    flat.insert("extra_tls".to_owned(), json!([marker("tls")]));
    flat
}

pub(crate) fn marker(place: &str) -> Value {
    json!(format!("{MARKER}-{place}"))
}

/// All ways in which settings come to a built-in backend.
pub(crate) fn plans(backend_type: &str, settings: &Value) -> Vec<(&'static str, Plan)> {
    let parse = |text: String| {
        let configuration = Configuration::parse("c.yaml", text.as_bytes(), Path::new("/etc/x")).unwrap();
        Plan::compile(configuration, None).unwrap()
    };
    let payload = json::parse(settings.to_string().as_bytes()).unwrap();
    let payload = Plan::payload(backend_type, &payload, Duration::from_secs(30), None).unwrap();
    let one = json!({ "secret_backend_type": backend_type, "secret_backend_config": settings });
    let multi = json!({ "multi_secret_backends": { "a": { "type": backend_type, "config": settings } } });
    let own = json!({ "version": 1, "providers": { "a": { "type": backend_type, "config": settings } } });
    vec![
        ("payload", payload),
        ("agent file", parse(one.to_string())),
        ("several backends", parse(multi.to_string())),
        ("own file", parse(own.to_string())),
    ]
}
