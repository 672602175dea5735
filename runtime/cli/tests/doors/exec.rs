//! The exec protocol: requests on standard input, answers on standard output, as the reference gives them.

use crate::support::{Folder, Portcullis, Run, Table};

#[test]
fn a_request_that_names_its_backend_is_answered_as_the_reference_answers() {
    Table::read("exec-payload.yaml").check(|row, run| stamped(&row.id, run));
}

#[test]
fn a_request_without_a_backend_is_answered_by_the_configured_providers() {
    Table::read("exec-config.yaml").check(|row, run| stamped(&row.id, run));
}

#[test]
fn called_by_the_connectors_name_it_has_the_connectors_command_line() {
    Table::read("exec-connector.yaml").check(|_, _| {});
}

/// A fatal error is one line on standard error behind the reference's time stamp, `2026/01/02 15:04:05 `.
fn stamped(id: &str, run: &Run) {
    if run.code != 1 {
        return;
    }
    let shape: String =
        run.stderr.chars().take(20).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000/00/00 00:00:00 ", "{id}: {run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{id}: {run:?}");
}

#[test]
fn many_handles_are_answered_sorted_by_their_bytes() {
    let folder = Folder::new();
    let handles: Vec<String> =
        (0..1000).rev().map(|n| format!("k{n}")).chain(["é".into(), "Z".into()]).collect();
    let values: serde_json::Map<_, _> =
        handles.iter().map(|handle| (handle.clone(), format!("value of {handle}").into())).collect();
    folder.write("s.json", serde_json::to_vec(&values).unwrap());
    let request = serde_json::json!({
        "version": "1.1", "secrets": handles, "type": "file.json", "config": { "file_path": folder.at("s.json") },
    });
    let run = Portcullis::new(["exec"]).stdin(request.to_string()).run().expect(0);

    let mut sorted = handles;
    sorted.sort();
    let members: Vec<String> = sorted
        .iter()
        .map(|handle| format!(r#""{handle}":{{"value":"value of {handle}","error":null}}"#))
        .collect();
    assert_eq!(run.text(), format!("{{{}}}", members.join(",")));
}

#[test]
fn a_request_over_the_cap_is_refused() {
    let request = vec![b' '; (64 << 20) + 1];
    Portcullis::new(["exec"]).stdin(request).run().refused(1, &["failed to read from stdin"]);
}
