//! What is planned for a backend, and shown of it, holds no credential.

use std::path::Path;

use portcullis::{Configuration, Plan, PlannedProvider};
use portcullis_compat::settings::{BACKEND_TYPES, schema};
use serde_json::{Value, json};

use crate::markers::{MARKER, SEEN, SPELLINGS, filled, misplaced, plans};

/// All that the backend can read, and all that is shown of it.
fn readable(provider: &PlannedProvider) -> String {
    let policy = &provider.policy;
    let mounts = policy.decide_mounts();
    let environment = policy.decide_environment(|_| None);
    format!(
        "{:?} {mounts:?} {environment:?} {} {}",
        provider.settings,
        policy.explain(),
        serde_json::to_string(&policy.explain()).unwrap()
    )
}

#[test]
fn no_credential_reaches_a_built_in_backend() {
    for backend_type in BACKEND_TYPES {
        let fields = schema(backend_type).unwrap().fields;
        let rows = SPELLINGS.iter().map(|spelling| filled(fields, *spelling)).chain([misplaced(fields)]);
        for settings in rows.map(Value::Object) {
            let has_marker = settings.to_string().contains(MARKER);
            let given = settings.to_string().matches(SEEN).count();
            for (way, plan) in plans(backend_type, &settings) {
                assert!(!format!("{plan:?}").contains(MARKER), "{backend_type}, {way}");
                let provider = plan.providers().values().next().unwrap();
                let readable = readable(provider);
                assert!(!readable.contains(MARKER), "{backend_type}, {way}: {readable}");
                // What is the guest's own is there in both forms.
                let seen = provider.settings.iter().map(|(_, text)| text.matches(SEEN).count());
                assert_eq!(seen.sum::<usize>(), 2 * given, "{backend_type}, {way}: {:?}", provider.settings);
                assert_eq!(provider.withheld.is_empty(), !has_marker, "{:?}", provider.withheld);
            }
        }
    }
}

#[test]
fn a_component_of_ones_own_sees_no_session_and_no_tls() {
    for backend_type in BACKEND_TYPES {
        let fields = schema(backend_type).unwrap().fields;
        // The names of a table mean nothing here: what has a session or TLS around it is kept.
        let mut settings = filled(fields, SPELLINGS[0]);
        settings.retain(|_, value| value.is_object());
        settings.insert("url".to_owned(), json!(SEEN));
        let config = json!({ "a": { "b_session": settings.clone(), "c": SEEN }, "tls_options": settings.clone(), "url": SEEN });
        let file =
            json!({ "version": 1, "providers": { "a": { "component": "/x.wasm", "config": config } } });
        let file = Configuration::parse("c.yaml", file.to_string().as_bytes(), Path::new("/")).unwrap();
        let plan = Plan::compile(file, None).unwrap();
        let provider = plan.providers().values().next().unwrap();
        assert!(!readable(provider).contains(MARKER), "{backend_type}: {:?}", provider.settings);
        let expected =
            [("a.c", SEEN), ("url", SEEN), ("", r#"{"a":{"c":"for-the-guest"},"url":"for-the-guest"}"#)];
        let found: Vec<_> =
            provider.settings.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        assert_eq!(found, expected, "{backend_type}");
        assert!(provider.withheld.contains(&"a.b_session.url".to_owned()), "{:?}", provider.withheld);
        assert!(provider.withheld.contains(&"tls_options.url".to_owned()), "{:?}", provider.withheld);
    }
}
