//! One document, with its references replaced.

use crate::support::{Folder, Portcullis, Table};

#[test]
fn a_document_is_resolved_as_the_table_says() {
    Table::read("resolve.yaml").check(|_, _| {});
}

#[test]
fn the_environment_names_the_configuration() {
    let folder = Folder::new();
    folder.write("s.json", r#"{"p":"v"}"#);
    let config = format!(
        "secret_backend_type: file.json\nsecret_backend_config: {{file_path: '{}'}}\n",
        folder.at("s.json")
    );
    let config = folder.write("c.yaml", config);
    let run = Portcullis::new(["resolve", "-"]).env("PORTCULLIS_CONFIG", &config).stdin("a: ENC[p]\n").run();
    assert_eq!(run.expect(0).text(), "a: \"v\"\n");
    let run = Portcullis::new(["exec"]).env("PORTCULLIS_CONFIG", &config).stdin(r#"{"secrets":["p"]}"#).run();
    assert_eq!(run.expect(0).text(), r#"{"p":{"value":"v","error":null}}"#);
    // The document's own keys come before it.
    let own = "secret_backend_type: nope\na: ENC[p]\n";
    let run = Portcullis::new(["resolve", "-"]).env("PORTCULLIS_CONFIG", &config).stdin(own).run().expect(1);
    assert_eq!(run.text(), own);
    // An empty variable is none.
    Portcullis::new(["resolve", "-"])
        .env("PORTCULLIS_CONFIG", "")
        .stdin("a: ENC[p]\n")
        .run()
        .refused(2, &["no secret backend"]);
}

#[test]
fn a_full_output_is_an_error_and_no_crash() {
    // Linux has a device for it.
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let run = Portcullis::new(["resolve", "-"]).stdin("a: 1\n").stdout_to(full).run();
    run.refused(2, &["cannot write the document"]);
}
