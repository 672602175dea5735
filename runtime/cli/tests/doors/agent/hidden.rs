//! `portcullis configcheck`: what is hidden, what stays readable, and what is said in place of what cannot be read.

/// Every way that a value can come to stand in a text. Only the last key tells of a secret.
const CHECK: &str = "\
instances:
  - host: ENC[host]
    port: ENC[short]
    user: ENC[known]
    note: as known-value has it
    size: abc
    left: ENC[nobody-has-this]
    password: ENC[nobody-has-this]
";

/// The place hides a value below any key, also one too short to be looked for elsewhere; a longer one is hidden wherever it
/// stands; three letters are three letters, and a reference without a value says so.
const SHOWN: &str = "\
instances:
  - host: \"********\"
    port: \"********\"
    user: \"********\"
    note: \"as ******** has it\"
    size: abc
    left: ENC[nobody-has-this]
    password: ENC[nobody-has-this]
";

/// A first document that runs, and a second one that is none.
const BROKEN: &str = "instances:\n  - host: ENC[host]\n---\nother: [ENC[known]\n";

/// Files that are no configurations are named first, until they are mended. No name of a file can write to a terminal.
#[test]
fn what_is_left_out_is_named() {
    let folder = super::files();
    folder.write("store.json", r#"{"api": "a", "password": "p"}"#);
    folder.write("conf.d/broken.yaml", "instances:\n  - hunter2: [\n");
    folder.write("conf.d/nothing.yaml", "init_config:\n");
    folder.write("conf.d/z\u{1b}[31m\n===.yaml", "instances: [a]\n");
    let daemon = super::resolved(&folder, &[]);
    let shown = daemon.ask(&["configcheck"]).expect(0);
    let (errors, configurations) = shown.text().split_once("\n===\n\n").unwrap();
    let lines: Vec<&str> = errors.lines().collect();
    let [title, broken, nothing] = lines[..] else { panic!("{shown:?}") };
    assert_eq!(title, "=== Configuration errors ===");
    assert!(broken.starts_with(&format!("{}:", folder.at("conf.d/broken.yaml"))), "{broken}");
    assert!(broken.contains("is not YAML") && !broken.contains("hunter2"), "{broken}");
    assert!(nothing.starts_with(&format!("{}: has no 'instances'", folder.at("conf.d/nothing.yaml"))));
    assert!(configurations.contains("=== datadog.yaml ===\n"), "{shown:?}");
    let escaped = format!("\nConfiguration source: {}/z\\u{{1b}}[31m\\n===.yaml\n", folder.at("conf.d"));
    assert!(configurations.contains(&escaped) && !configurations.contains('\u{1b}'), "{shown:?}");

    folder.write("conf.d/broken.yaml", "instances:\n  - host: mended\n");
    std::fs::remove_file(folder.path().join("conf.d/nothing.yaml")).unwrap();
    while daemon.ask(&["configcheck"]).expect(0).text().contains(title) {}
    assert!(daemon.ask(&["configcheck"]).expect(0).text().contains("host: mended"));
    daemon.stop();
}

#[test]
fn what_came_from_a_handle_is_hidden_and_what_did_not_is_shown() {
    let folder = super::files();
    let api = "0".repeat(32);
    let store = serde_json::json!({
        "api": api, "password": "pass-word", "host": "db.example", "short": "abc", "known": "known-value"
    });
    folder.write("store.json", store.to_string());
    folder.write("conf.d/broken.yaml", BROKEN);
    folder.write("conf.d/every.yaml", CHECK);
    let daemon = super::resolved(&folder, &[]);

    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    for value in ["\"db.example\"", "\"abc\"", "\"known-value\"", "as known-value has it", &api] {
        assert!(raw.text().contains(value), "{value}: {raw:?}");
    }
    let shown = daemon.ask(&["configcheck"]).expect(0);
    let of = |file: &str| {
        let source = format!("Configuration source: {}\n", folder.at(file));
        let (_, rest) = shown.text().split_once(&source).unwrap_or_else(|| panic!("{file}: {shown:?}"));
        rest.split_once("===\n\n").unwrap().0.to_owned()
    };
    assert_eq!(of("conf.d/every.yaml"), SHOWN);
    // One that cannot be read takes nothing from the others.
    let broken = of("conf.d/broken.yaml");
    assert!(broken.starts_with("error: broken:") && broken.lines().count() == 1, "{broken}");
    assert_eq!(
        of("conf.d/postgres.d/conf.yaml"),
        "init_config: ~\ninstances:\n  - host: localhost\n    password: \"********\"\n"
    );
    assert!(of("datadog.yaml").contains("api_key: \""), "{shown:?}");
    for value in ["db.example", "known-value", "pass-word", &api] {
        assert!(!shown.text().contains(value), "{value}: {shown:?}");
    }
    daemon.stop();
}
