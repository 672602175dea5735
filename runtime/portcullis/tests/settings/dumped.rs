//! A hostile guest that has been told nothing but its settings reads all that it can, tells it and logs it.

use std::fs;
use std::sync::Arc;

use portcullis::{Builtins, Configuration, Handle, Plan, Resolver};
use portcullis_compat::settings::{BACKEND_TYPES, schema};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use crate::guest::{Dump, Said, attack, guest, listed, runtime};
use crate::markers::{MARKER, SEEN, SPELLINGS, filled, marker, misplaced, plans};

#[test]
fn a_hostile_guest_in_the_place_of_a_built_in_one_reads_its_own_settings_and_no_other() {
    let dump = Dump::new();
    for backend_type in BACKEND_TYPES {
        let fields = schema(backend_type).unwrap().fields;
        let rows = SPELLINGS.iter().map(|spelling| filled(fields, *spelling)).chain([misplaced(fields)]);
        for settings in rows.map(Value::Object) {
            let given = settings.to_string().matches(SEEN).count();
            for (way, plan) in plans(backend_type, &settings) {
                let planned = plan.providers().values().next().unwrap();
                let (told, said) = dump.of(planned);
                let all = Value::Object(told.clone()).to_string();
                assert!(!all.contains(MARKER), "{backend_type}, {way}: {all}");
                assert!(!said.contains(MARKER), "{backend_type}, {way}: {said}");
                assert!(said.contains("GuestLog"), "it logs what it reads: {said}");
                // All that is its own, once for itself and once within the whole, and nothing beside.
                let mut expected = planned.settings.clone();
                let mut found = listed(&told);
                expected.sort_unstable();
                found.sort_unstable();
                assert_eq!(found, expected, "{backend_type}, {way}");
                let seen = found.iter().map(|(_, text)| text.matches(SEEN).count());
                assert_eq!(seen.sum::<usize>(), 2 * given, "{backend_type}, {way}: {found:?}");
                // By name it gets the same: what is its own, and none of the others that it asks for.
                let by_name = |name: &str| told.contains_key(&format!("asked setting {name}"));
                assert!(
                    planned.settings.iter().all(|(name, _)| by_name(name)),
                    "{backend_type}, {way}: {told:?}"
                );
                assert!(
                    !planned.withheld.iter().any(|name| by_name(name)),
                    "{backend_type}, {way}: {told:?}"
                );
            }
        }
    }
}

#[test]
fn in_the_place_of_a_built_in_one_it_is_not_even_loaded() {
    let folder = tempfile::tempdir().unwrap();
    for backend_type in BACKEND_TYPES {
        fs::write(folder.path().join(format!("{backend_type}.wasm")), guest()).unwrap();
        let settings = Value::Object(filled(schema(backend_type).unwrap().fields, SPELLINGS[0]));
        let (_, plan) = plans(backend_type, &settings).remove(0);
        let resolver = Resolver::builder(plan).builtins(Builtins::folder(folder.path())).one_shot().build();
        let answers = runtime().block_on(resolver.resolve_handles(&[Handle::new(attack([]))]));
        let failure = answers[0].outcome.as_ref().err().unwrap().message.clone();
        let faults = format!("{:?}", resolver.faults());
        assert!(faults.contains("wasi:http"), "{backend_type}: {faults}");
        assert!(!format!("{failure} {faults}").contains(MARKER), "{backend_type}: {failure} {faults}");
    }
}

#[test]
fn as_a_component_of_ones_own_it_reads_no_session_no_tls_and_no_credential() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dump.wasm"), guest()).unwrap();
    let mut config = json!({ "url": SEEN, "deep": { "list": [SEEN, { "key": SEEN }] } });
    for backend_type in BACKEND_TYPES {
        let mut fields = filled(schema(backend_type).unwrap().fields, SPELLINGS[0]);
        fields.retain(|_, value| value.is_object());
        let name = backend_type.replace('.', "_");
        config[format!("{name}_session")] = Value::Object(fields.clone());
        config["deep"][format!("{name}_tls_config")] = Value::Object(fields);
    }
    let credential =
        json!({ "kind": "header", "name": "x-token", "from": { "value": marker("credential") } });
    let network = json!([{
        "name": "store", "origin": "https://store.example", "allow": ["GET /a"], "credential": credential,
    }]);
    let provider =
        json!({ "component": "./dump.wasm", "config": config, "network": network, "filesystem": [] });
    let file = json!({ "version": 1, "providers": { "dump": provider } }).to_string();
    let file = Configuration::parse("c.yaml", file.as_bytes(), folder.path()).unwrap();
    let plan = Plan::compile(file, None).unwrap();
    let withheld = plan.providers().values().next().unwrap().withheld.clone();
    assert!(!withheld.is_empty());
    let said = Arc::new(Said::default());
    let resolver = Resolver::builder(plan).one_shot().events(Arc::clone(&said) as _).build();
    let handle = Handle::new(attack(withheld.iter().map(String::as_str)));
    let answers = runtime().block_on(resolver.resolve_handles(&[handle]));
    let told =
        answers[0].outcome.as_ref().unwrap_or_else(|failure| panic!("{failure:?} {:?}", resolver.faults()));
    let told = told.value.expose_secret();
    let said = said.take();
    assert!(!told.contains(MARKER) && !said.contains(MARKER), "{told}\n{said}");
    let told: Map<String, Value> = serde_json::from_str(told).unwrap();
    let mut names: Vec<String> = listed(&told).into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(names, ["", "deep.list.0", "deep.list.1.key", "url"]);
    assert_eq!(listed(&told).iter().map(|(_, text)| text.matches(SEEN).count()).sum::<usize>(), 6);
}
