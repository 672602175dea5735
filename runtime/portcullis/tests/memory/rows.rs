//! The table: backend, size of the value, engine, way through the library.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use portcullis::{Builtins, Document, Embedded, Format, Handle, Plan, Resolver};
use portcullis_compat::json;
use secrecy::ExposeSecret as _;
use tokio::runtime::Runtime;

use super::marker::Marker;
use super::scan;

/// Backend, setting that names the file or folder, handle, what stands before and after the value in the file.
const BACKENDS: [(&str, &str, &str, &str, &str); 3] = [
    ("file.text", "secrets_path", "key", "", ""),
    ("file.json", "file_path", "key", "{\"key\":\"", "\"}"),
    ("file.yaml", "file_path", "key", "key: ", "\n"),
];

/// Bytes of a value: on one cache line, on one page, larger than what is read with the opening of a file.
const SIZES: [usize; 3] = [Marker::LENGTH, 3000, 200_000];

const NO_VALUE: &str = "the value is not the marker";

pub(crate) fn main() -> ExitCode {
    let builtins = builtins();
    control();
    let (mut rows, mut failed) = (0, 0);
    for backend in BACKENDS {
        for size in SIZES {
            for one_shot in [false, true] {
                for document in [false, true] {
                    rows += 1;
                    let engine = if one_shot { "on demand" } else { "pool" };
                    let way = if document { "resolve" } else { "handles" };
                    let name = format!("{} {size} {engine} {way}", backend.0);
                    let marker = Marker::new(rows);
                    for wrong in row(&builtins, backend, size, one_shot, document, &marker) {
                        failed += 1;
                        println!("{name}: {wrong}");
                    }
                }
            }
        }
    }
    println!("{rows} rows, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A value that is there is found, and one that was dropped is not: else this test would say nothing.
fn control() {
    let marker = Marker::new(0);
    let value = secrecy::SecretString::from(String::from_utf8(marker.value(200).to_vec()).unwrap());
    assert!(!scan::found(&marker).is_empty());
    drop(value);
    assert_eq!(scan::found(&marker), Vec::<String>::new());
}

/// Resolves a marker, lets go of the answer, and looks for it: with the resolver still there, and without it.
fn row(
    builtins: &Builtins,
    (backend, setting, handle, before, after): (&str, &str, &str, &str, &str),
    size: usize,
    one_shot: bool,
    document: bool,
    marker: &Marker,
) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(handle);
    write(&file, before, marker, size, after);
    let named = if setting == "secrets_path" { folder.path() } else { &file };
    let settings = json::parse(format!("{{\"{setting}\":{named:?}}}").as_bytes()).unwrap();
    let plan = Plan::payload(backend, &settings, Duration::from_secs(30), None).unwrap();
    let builder = Resolver::builder(plan).builtins(builtins.clone()).calls(2);
    let resolver = if one_shot { builder.one_shot() } else { builder }.build();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();

    let right = if document {
        by_document(&runtime, &resolver, handle, marker, size)
    } else {
        by_handle(&runtime, &resolver, handle, marker, size)
    };
    let mut wrong = Vec::new();
    if !right || !resolver.faults().is_empty() {
        wrong.push(format!("{NO_VALUE}: {:?}", resolver.faults()));
    }
    let say = |when: &str| {
        scan::found(marker).into_iter().map(|place| format!("{when}: {place}")).collect::<Vec<_>>()
    };
    wrong.extend(say("resolver still there"));
    drop(resolver);
    runtime.shutdown_timeout(Duration::from_secs(30));
    wrong.extend(say("all dropped"));
    wrong
}

fn by_handle(runtime: &Runtime, resolver: &Resolver, handle: &str, marker: &Marker, size: usize) -> bool {
    let handles = [Handle::new(handle)];
    let answers = runtime.block_on(resolver.resolve_handles(&handles));
    let value = answers[0].outcome.as_ref().map(|secret| secret.value.expose_secret().as_bytes());
    value.is_ok_and(|value| value.len() == size && marker.is(value))
}

fn by_document(runtime: &Runtime, resolver: &Resolver, handle: &str, marker: &Marker, size: usize) -> bool {
    let text = format!("a: ENC[{handle}]\nb: 1\n");
    let document = Document::scan("document", text.as_bytes(), Format::Detect).unwrap();
    let resolved = runtime.block_on(resolver.resolve(&document));
    let value = resolved.text.strip_prefix(b"a: \"").and_then(|text| text.strip_suffix(b"\"\nb: 1\n"));
    value.is_some_and(|value| value.len() == size && marker.is(value))
}

fn write(file: &Path, before: &str, marker: &Marker, size: usize, after: &str) {
    let mut content = zeroize::Zeroizing::new(Vec::with_capacity(size + before.len() + after.len()));
    content.extend_from_slice(before.as_bytes());
    content.extend_from_slice(&marker.value(size));
    content.extend_from_slice(after.as_bytes());
    fs::write(file, &content).unwrap();
}

fn builtins() -> Builtins {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-providers/dist");
    let file = |name: &str, kind: &str| -> &'static [u8] {
        fs::read(dist.join(format!("{name}.{kind}"))).expect("run `cargo xtask guests` first").leak()
    };
    let embedded = BACKENDS.map(|(name, ..)| Embedded {
        name,
        component: file(name, "wasm"),
        artefact: file(name, "cwasm"),
    });
    Builtins::embedded(embedded.to_vec().leak())
}
