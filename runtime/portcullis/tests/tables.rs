//! Every row of the conformance tables, by the real component in the real sandbox, under the derived policy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are its own"
)]

#[path = "../../../guest-providers/file/tests/support/table.rs"]
mod table;

use std::path::Path;
use std::time::Duration;

use portcullis::{Builtins, Embedded, Handle, Plan, Resolver};
use portcullis_compat::json;
use portcullis_secrets::Resolution;
use secrecy::ExposeSecret as _;
use table::{Row, Table};

/// The built-in components, as the binary carries them.
fn builtins() -> Builtins {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-providers/dist");
    let file = |name: &str, kind: &str| -> &'static [u8] {
        std::fs::read(dist.join(format!("{name}.{kind}"))).expect("run `cargo xtask guests` first").leak()
    };
    let types = ["docker.secrets", "file.json", "file.text", "file.yaml", "k8s.file"];
    let embedded: Vec<Embedded> = types
        .into_iter()
        .map(|name| Embedded { name, component: file(name, "wasm"), artefact: file(name, "cwasm") })
        .collect();
    Builtins::embedded(embedded.leak())
}

#[test]
fn file_json_and_file_yaml_answer_as_the_table_says() {
    check("4.8-file-json-yaml.yaml");
}

#[test]
fn file_text_k8s_file_and_docker_secrets_answer_as_the_table_says() {
    check("4.9-file-text.yaml");
}

fn check(table: &str) {
    let builtins = builtins();
    let mut checked = 0;
    for row in Table::read(table).rows {
        if row.absent.as_ref().is_some_and(|path| path.exists()) {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let row = row.prepare(dir.path());
        let answers = answers(&row, &builtins);
        for (answer, expected) in answers.iter().zip(&row.expect) {
            let outcome = answer.outcome.as_ref().map(|secret| secret.value.expose_secret());
            let outcome = outcome.map_err(|failure| failure.message.as_str());
            expected.check(&row.id, answer.handle.as_str(), outcome);
            checked += 1;
        }
    }
    assert!(checked > 40, "the table was read: {checked} answers");
}

fn answers(row: &Row, builtins: &Builtins) -> Vec<Resolution> {
    let settings = json::parse(row.config.to_string().as_bytes()).unwrap();
    let plan = Plan::payload(&row.backend_type, &settings, Duration::from_secs(30), None).unwrap();
    let resolver = Resolver::builder(plan).builtins(builtins.clone()).build();
    let handles: Vec<Handle> =
        row.expect.iter().map(|expected| Handle::new(expected.handle.as_str())).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let answers = runtime.block_on(resolver.resolve_handles(&handles));
    assert!(resolver.faults().is_empty(), "{}: {:?}", row.id, resolver.faults());
    answers
}
