//! The example files are what they say: they parse, and every reference in them has a value.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use portcullis_policy::{Ceiling, ComponentSource, PortcullisFile};
use portcullis_secrets::{Document, Format};
use support::root;

/// What the files call their own folder.
const EXAMPLES: &str = "/etc/portcullis/examples";

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join("examples").join(file)).unwrap()
}

/// The handles of a file.
fn handles(file: &str) -> Vec<String> {
    let text = read(file);
    let document = Document::scan(file, text.as_bytes(), Format::Yaml).unwrap();
    document.handles().iter().map(|handle| handle.as_str().to_owned()).collect()
}

#[test]
fn every_handle_of_the_agent_file_has_a_value() {
    let agent: serde_json::Value = serde_saphyr::from_str(&read("datadog.yaml")).unwrap();
    let handles = handles("datadog.yaml");
    assert!(handles.len() > 5, "{handles:?}");
    for handle in handles {
        let (backend, key) = handle.split_once(';').unwrap();
        let backend = &agent["multi_secret_backends"][backend];
        let settings = backend["config"].as_object().unwrap();
        let path = settings.values().next().unwrap().as_str().unwrap();
        assert!(has(&here(path), key), "{handle} is not in {path}");
    }
}

#[test]
fn the_portcullis_file_routes_every_handle_of_its_document() {
    let file = PortcullisFile::parse("portcullis.yaml", &read("portcullis.yaml")).unwrap();
    for handle in handles("service.yaml") {
        let routed = file.routes.route(&handle).unwrap();
        let provider = &file.providers[routed.provider];
        let mounts = provider.grants.filesystem.granted().into_iter().flatten();
        let path = match &provider.source {
            ComponentSource::Builtin(_) => provider.config.as_map()["file_path"].as_str().unwrap().to_owned(),
            ComponentSource::Path(_) => mounts.map(|mount| mount.host().display().to_string()).collect(),
        };
        assert!(has(&here(&path), routed.stripped), "{handle} is not in {path}");
    }
}

#[test]
fn the_ceiling_parses() {
    Ceiling::parse("ceiling.yaml", &read("ceiling.yaml")).unwrap();
}

/// The file of this repository that an example names.
fn here(path: &str) -> PathBuf {
    root().join("examples").join(Path::new(path).strip_prefix(EXAMPLES).unwrap())
}

/// Whether a file of keys, or a folder of files, has a key.
fn has(path: &Path, key: &str) -> bool {
    if path.is_dir() {
        return path.join(key).is_file();
    }
    let values: BTreeMap<String, String> =
        serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    values.contains_key(key)
}
