//! Every row of the tables, on this machine's own files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are its own"
)]

mod support;

use std::path::Path;

use portcullis_file_providers::{DockerSecrets, FileJson, FileText, FileYaml, K8sFile, resolve};
use portcullis_guest::Resolution;
use support::disk::Disk;
use support::table::{Row, Table};

#[test]
fn file_json_and_file_yaml_answer_as_the_table_says() {
    check("4.8-file-json-yaml.yaml");
}

#[test]
fn file_text_k8s_file_and_docker_secrets_answer_as_the_table_says() {
    check("4.9-file-text.yaml");
}

fn check(table: &str) {
    for row in Table::read(table).rows {
        if row.absent.as_ref().is_some_and(|path| path.exists()) {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let row = row.prepare(dir.path());
        let answers = answers(&row);
        assert_eq!(answers.len(), row.expect.len(), "{}: one answer for each handle", row.id);
        for (answer, expected) in answers.iter().zip(&row.expect) {
            let outcome = answer.outcome.as_ref().map(portcullis_guest::Secret::expose);
            let outcome = outcome.map_err(|failure| failure.message.as_str());
            expected.check(&row.id, &answer.handle, outcome);
        }
    }
}

fn answers(row: &Row) -> Vec<Resolution> {
    let settings = row.config.to_string();
    let files = Disk::granting(granted(row));
    let handles: Vec<String> = row.expect.iter().map(|expected| expected.handle.clone()).collect();
    match row.backend_type.as_str() {
        "file.json" => resolve::<FileJson>(&settings, &files, handles),
        "file.yaml" => resolve::<FileYaml>(&settings, &files, handles),
        "file.text" => resolve::<FileText>(&settings, &files, handles),
        "k8s.file" => resolve::<K8sFile>(&settings, &files, handles),
        "docker.secrets" => resolve::<DockerSecrets>(&settings, &files, handles),
        other => panic!("{}: no provider {other}", row.id),
    }
}

/// The folder that the row's settings name: that of the file, or the folder itself.
fn granted(row: &Row) -> &Path {
    let setting = |key: &str| row.config.get(key).and_then(serde_json::Value::as_str);
    match (setting("file_path"), setting("secrets_path")) {
        (Some(file), _) => Path::new(file).parent().unwrap_or(Path::new("/nothing")),
        (None, folder) => Path::new(folder.unwrap_or("/nothing")),
    }
}
