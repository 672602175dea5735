//! Every section of a check's configuration has its handles resolved.

use crate::support::Folder;

const CHECK: &str = "\
init_config:
  token: ENC[of-init]
instances:
  - host: ENC[of-instance]
logs:
  - type: file
    path: ENC[of-logs]
jmx_metrics:
  - include:
      domain: ENC[of-metrics]
";

/// Handle, value and place of each.
const HANDLES: [(&str, &str, &str); 4] = [
    ("of-init", "value-1", "init_config/token"),
    ("of-instance", "value-2", "instances/0/host"),
    ("of-logs", "value-3", "logs/0/path"),
    ("of-metrics", "value-4", "jmx_metrics/0/include/domain"),
];

fn files() -> Folder {
    let folder = super::files();
    let mut store = serde_json::Map::new();
    store.insert("api".to_owned(), "0".repeat(32).into());
    store.insert("password".to_owned(), "pass-word".into());
    store.extend(HANDLES.map(|(handle, value, _)| (handle.to_owned(), value.into())));
    folder.write("store.json", serde_json::Value::Object(store).to_string());
    folder.write("conf.d/every.yaml", CHECK);
    folder
}

#[test]
fn handles_are_resolved_in_every_section() {
    let folder = files();
    let daemon = super::resolved(&folder, &[]);
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    let expected = HANDLES.iter().fold(CHECK.to_owned(), |text, (handle, value, _)| {
        text.replace(&format!("ENC[{handle}]"), &format!("\"{value}\""))
    });
    assert!(raw.text().contains(&expected), "{raw:?}");
    let handles = daemon.ask(&["secret", "--json"]).expect(0).json()["handles"].clone();
    for (handle, _, path) in HANDLES {
        let places = handles[handle].as_array().unwrap();
        assert_eq!(places.len(), 1, "{handles:#}");
        assert!(places[0][0].as_str().unwrap().starts_with("every:") && places[0][1] == path, "{handles:#}");
    }
    daemon.stop();
}

#[test]
fn none_of_them_is_asked_for_where_checks_are_left_alone() {
    let folder = files();
    let daemon = super::resolved(&folder, &[("DD_SECRET_BACKEND_SKIP_CHECKS", "true")]);
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    assert!(raw.text().contains(CHECK), "{raw:?}");
    // Also where others may see it: references are no secrets.
    let hidden = daemon.ask(&["configcheck"]).expect(0);
    assert!(
        HANDLES.iter().all(|(handle, ..)| hidden.text().contains(&format!(": ENC[{handle}]"))),
        "{hidden:?}"
    );
    let shown = daemon.ask(&["secret", "--json"]).expect(0).json();
    let handles: Vec<&String> = shown["handles"].as_object().unwrap().keys().collect();
    assert_eq!(handles, ["api"], "{shown:#}");
    assert_eq!(shown["unresolvedSecrets"], serde_json::json!([]));
    daemon.stop();
}
