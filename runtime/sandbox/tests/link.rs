//! An import is granted, linked empty, or the reason why the component does not load.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{ECHO, PLAIN, backend, call, handles, link};
use portcullis_policy::Reason;
use portcullis_sandbox::{Engine, LinkError};

/// Import, what makes the guest really import it, policy section, and the words of the refusal (or none).
const ROWS: &[(&str, &str, &str, Option<&[&str]>)] = &[
    (
        "wasi:filesystem/preopens@0.2.12",
        "get-directories",
        "",
        Some(&["wasi:filesystem/preopens", "filesystem: []"]),
    ),
    ("wasi:filesystem/preopens@0.2.12", "get-directories", "    filesystem: []", None),
    (
        "wasi:sockets/instance-network@0.2.12",
        "instance-network",
        "",
        Some(&["wasi:sockets/instance-network", "sockets: none"]),
    ),
    ("wasi:sockets/instance-network@0.2.12", "instance-network", "    sockets: none", None),
    ("wasi:cli/environment@0.2.12", "get-environment", "", None),
    ("wasi:config/store@0.2.0-rc.1", "get-all", "", None),
];

#[test]
fn an_import_with_authority_needs_its_key() {
    let engine = Engine::new(1).unwrap();
    for (import, function, section, refused) in ROWS {
        let world = format!("{PLAIN} import {import};");
        let results = if *function == "instance-network" { "(result i32)" } else { "(param i32)" };
        let extra = format!(r#"(import "{import}" "{function}" (func $imported {results}))"#);
        let outcome = link(&engine, backend(&world, &extra, ECHO), section);
        match (outcome, refused) {
            (Ok(tested), None) => assert!(call(&tested, &handles(1)).is_ok(), "{import}"),
            (Err(LinkError::NotGranted(denials)), Some(words)) => {
                assert!(denials.iter().all(|denial| denial.reason() == Reason::LinkUnlinkedImport));
                let error = LinkError::NotGranted(denials).to_string();
                for word in *words {
                    assert!(error.contains(word), "{import}: {error}");
                }
            }
            (outcome, _) => panic!("{import} with {section:?}: {outcome:?}"),
        }
    }
}

#[test]
fn an_interface_that_nobody_has_is_named() {
    let text = r#"(component (import "acme:vault/keys@1.0.0" (instance (export "open" (func)))))"#;
    let error = link(&Engine::new(1).unwrap(), wat::parse_str(text).unwrap(), "").unwrap_err();
    assert!(error.to_string().contains("acme:vault/keys@1.0.0"), "{error}");
}

#[test]
fn a_component_without_the_export_is_no_backend() {
    let error = link(&Engine::new(1).unwrap(), wat::parse_str("(component)").unwrap(), "").unwrap_err();
    assert!(matches!(error, LinkError::NotABackend { .. }), "{error}");
    assert!(error.to_string().contains("portcullis:secrets/backend"), "{error}");
}
