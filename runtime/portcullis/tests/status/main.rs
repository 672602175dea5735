//! What operators are shown: for each status the whole text and the whole JSON, as in `golden/NAME.txt`.
//!
//! * [`rows`]: the table. * [`made`]: what its rows are put together from.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod made;
mod rows;

use std::fs;
use std::path::Path;

use serde_json::Value;

fn golden(name: &str) -> (String, Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/status/golden").join(format!("{name}.txt"));
    let both = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (text, json) = both.split_once("--- JSON\n").unwrap();
    (text.to_owned(), serde_json::from_str(json).unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[test]
fn a_status_is_shown_as_operators_and_programs_know_it() {
    for (name, status) in rows::rows() {
        let (text, json) = golden(name);
        assert_eq!(status.to_string(), text, "{name}");
        let shown = status.to_json();
        assert_eq!(shown, json, "{name}: {shown:#}");
    }
}

/// A row without its file fails above; here a file without its row.
#[test]
fn every_golden_file_has_its_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/status/golden");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort_unstable();
    let mut rows: Vec<&str> = rows::rows().iter().map(|(name, _)| *name).collect();
    rows.sort_unstable();
    assert_eq!(files, rows);
}

/// Programs that read the agent's status find its keys at the top where there is one provider, and not where there are several.
#[test]
fn the_keys_of_the_agents_one_executable_are_those_of_the_only_provider() {
    const OWN: [&str; 7] = [
        "backendType",
        "executable",
        "executableVersion",
        "executablePermissions",
        "executablePermissionsError",
        "executablePermissionsDetails",
        "executablePermissionsDetailsError",
    ];
    for (name, status) in rows::rows() {
        let shown = status.to_json();
        let found: Vec<&str> = OWN.into_iter().filter(|key| shown.get(key).is_some()).collect();
        match status.providers.as_slice() {
            [_] => {
                assert!(found.contains(&"executable") && found.contains(&"executablePermissions"), "{name}");
                assert_eq!(
                    shown["executablePermissionsOK"] == Value::Bool(false),
                    found.contains(&"executablePermissionsError"),
                    "{name}: why it is not, exactly where it is not"
                );
            }
            _ => assert_eq!(found, <[&str; 0]>::default(), "{name}"),
        }
        assert_eq!(shown["backendCommandSet"], !status.providers.is_empty(), "{name}");
        assert_eq!(shown.get("message").is_some(), status.providers.is_empty(), "{name}");
    }
}
