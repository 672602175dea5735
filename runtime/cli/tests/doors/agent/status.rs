//! `portcullis secret` and `secret refresh`: exactly these texts.

use std::path::Path;

use crate::support::{Daemon, Folder, set_mode};

/// What differs between two builds or runs: the folder, digests, the policy's identity, owners.
fn steady(text: &str, folder: &Folder) -> String {
    let mut steady = text.replace(folder.path().to_str().unwrap(), "{dir}");
    for (before, length, name) in [("sha256:", 64, "{digest}"), ("  policy ", 16, "{policy}")] {
        let mut from = 0;
        while let Some(at) = steady.get(from..).unwrap().find(before) {
            from += at + before.len();
            if steady.get(from..).unwrap().bytes().take_while(u8::is_ascii_hexdigit).count() == length {
                steady.replace_range(from..from + length, name);
            }
        }
    }
    let lines = steady.lines().map(|line| match line {
        line if line.starts_with("\t\tOwner: ") => "\t\tOwner: {owner}",
        line if line.starts_with("\t\tGroup: ") => "\t\tGroup: {group}",
        line => line,
    });
    lines.map(|line| format!("{line}\n")).collect()
}

fn golden(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables/agent").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_agents_own_backend() {
    let folder = super::files();
    let daemon = super::resolved(&folder, &[]);
    let shown = daemon.ask(&["secret"]).expect(0);
    assert_eq!(steady(shown.text(), &folder), golden("builtin.txt"));
    super::store(&folder, "second");
    let refreshed = daemon.ask(&["secret", "refresh"]).expect(0);
    assert_eq!(refreshed.text(), golden("refresh.txt"));
    // Nothing is another one by now: the three lines, and an empty one.
    let again = daemon.ask(&["secret", "refresh"]).expect(0);
    assert_eq!(again.text(), golden("refresh_nothing.txt"));
    daemon.stop();
}

/// A component that others can write is not used, and all is shown that tells why; its digest is that of what lies there now.
#[test]
fn a_component_that_others_can_write() {
    let folder = super::files();
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-providers/dist");
    let component = std::fs::read(dist.join("file.json.wasm")).expect("guests: run `cargo xtask guests`");
    set_mode(&folder.write("own.wasm", component), 0o666);
    let store = folder.at("store.json");
    folder.write(
        "portcullis.yaml",
        format!(
            "version: 1\nproviders:\n  own:\n    component: ./own.wasm\n    config: {{ file_path: {store} }}\n    \
             filesystem: [{{ host: {store} }}]\n"
        ),
    );
    folder.write("datadog.yaml", "api_key: ENC[api]\n");
    let (config, datadog) = (folder.at("portcullis.yaml"), folder.at("datadog.yaml"));
    let daemon = Daemon::start(&folder, &["--config", &config, "--datadog", &datadog]);
    daemon.until("resolved once");
    let shown = daemon.ask(&["secret"]).expect(0);
    let uid = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(folder.at("own.wasm")).unwrap());
    let expected = golden("writable.txt").replace("{uid}", &uid.to_string());
    assert_eq!(steady(shown.text(), &folder), expected);

    // As other programs name them.
    let sums = std::fs::read_to_string(dist.join("SHA256SUMS")).unwrap();
    let sum = sums.lines().find_map(|line| line.strip_suffix("  file.json.wasm")).unwrap();
    let by_id = |option| {
        let run = std::process::Command::new("id").arg(option).output().unwrap();
        String::from_utf8(run.stdout).unwrap().trim_end().to_owned()
    };
    let (owner, group) = (by_id("-un"), by_id("-gn"));
    let json = daemon.ask(&["secret", "--json"]).expect(0).json();
    for (key, expected) in [
        ("/executable", folder.at("own.wasm")),
        ("/executableVersion", format!("sha256:{sum}")),
        ("/executablePermissionsDetails/FileMode", "100666".to_owned()),
        ("/executablePermissionsDetails/Owner", owner.clone()),
        ("/executablePermissionsDetails/Group", group.clone()),
    ] {
        assert_eq!(json.pointer(key).and_then(|found| found.as_str()), Some(&*expected), "{key}: {json:#}");
    }
    assert_eq!(json["executablePermissionsOK"], false);
    let reason = json["executablePermissionsError"].as_str().unwrap();
    assert!(reason.contains("own.wasm: mode 0666") && reason.contains("chmod"), "{reason}");
    for line in [
        format!("Component digest: sha256:{sum}\n"),
        format!("Owner: {owner}\n"),
        format!("Group: {group}\n"),
    ] {
        assert!(shown.text().contains(&line), "{line}: {shown:?}");
    }
    daemon.stop();
}

/// A component of the operator's, and one that cannot be used: whose handles are not resolved, and that is all.
#[test]
fn components_of_the_operators() {
    let folder = super::files();
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-providers/dist/file.json.wasm");
    folder.write("file.wasm", std::fs::read(guest).expect("guests: run `cargo xtask guests`"));
    let store = folder.at("store.json");
    folder.write(
        "portcullis.yaml",
        format!(
            "version: 1\nproviders:\n  good:\n    component: ./file.wasm\n    config: {{ file_path: {store} }}\n    \
             filesystem: [{{ host: {store} }}]\n  gone:\n    component: ./gone.wasm\n\
             routes:\n  - {{ prefix: 'good:', to: good }}\n  - {{ prefix: 'gone:', to: gone }}\n"
        ),
    );
    folder.write("datadog.yaml", "api_key: ENC[good:api]\napp_key: ENC[gone:app]\nproxy: ENC[nowhere]\n");
    let (config, datadog) = (folder.at("portcullis.yaml"), folder.at("datadog.yaml"));
    let arguments = ["--config", &config, "--datadog", &datadog];
    let variables = [("DD_SECRET_REFRESH_INTERVAL", "3600"), ("DD_SECRET_REFRESH_SCATTER", "false")];
    let daemon = Daemon::spawn(&folder, &arguments, &variables);
    daemon.until("resolved once");
    let shown = daemon.ask(&["secret"]).expect(0);
    assert_eq!(steady(shown.text(), &folder), golden("custom.txt"));

    let shown = daemon.ask(&["secret", "--json"]).expect(0).json();
    for (key, expected) in [
        ("/backendCommandSet", serde_json::json!(true)),
        ("/executablePermissionsOK", serde_json::json!(false)),
        ("/multiBackendNames", serde_json::json!(["gone", "good"])),
        ("/handles/good:api", serde_json::json!([["datadog.yaml", "api_key"]])),
        ("/refreshIntervalEnabled", serde_json::json!(true)),
        ("/refreshInterval", serde_json::json!("1h0m0s")),
        ("/scatterDuration", serde_json::json!("1h0m0s")),
        ("/providers/1/component", serde_json::json!(folder.at("file.wasm"))),
        ("/providers/1/permissionsDetails/FileMode", serde_json::json!("100600")),
    ] {
        assert_eq!(shown.pointer(key), Some(&expected), "{key}: {shown:#}");
    }
    assert_eq!(shown["unresolvedSecrets"].as_array().map(Vec::len), Some(2), "{shown:#}");
    daemon.stop();
}
