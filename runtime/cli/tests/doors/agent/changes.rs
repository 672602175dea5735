//! Files that change while the daemon runs.

use crate::support::Daemon;

#[test]
fn configurations_come_change_and_go() {
    let folder = super::files();
    let daemon = super::resolved(&folder, &[]);
    folder.write("conf.d/redis.yaml", "instances:\n  - password: ENC[other]\n");
    folder.write("conf.d/postgres.d/conf.yaml", "instances:\n  - password: ENC[nobody-has-this]\n");
    daemon.signal(rustix::process::Signal::HUP);
    daemon.until("nobody-has-this");
    let shown = daemon.ask(&["secret"]).expect(0);
    assert!(shown.text().contains("- 'other':") && !shown.text().contains("- 'password':"), "{shown:?}");
    assert!(
        shown.text().contains("Secrets not resolved:\n  - 'postgres' handle \"nobody-has-this\":"),
        "{shown:?}"
    );
    std::fs::remove_file(folder.path().join("conf.d/postgres.d/conf.yaml")).unwrap();
    daemon.signal(rustix::process::Signal::HUP);
    daemon.until("another configuration is in use");
    // The same job that said so looks at the files next; status waits for no job.
    while daemon.ask(&["secret"]).expect(0).text().contains("nobody-has-this") {}
    daemon.stop();
}

#[test]
fn a_file_of_a_backend_that_changes_is_read_again() {
    let folder = super::files();
    let daemon = super::resolved(&folder, &[("DD_SECRET_REFRESH_ON_FILE_CHANGE", "true")]);
    super::store(&folder, "changed-in-place");
    daemon.until("a file that it reads has changed");
    daemon.until("Refreshing secrets for 2 handles");
    while !daemon.ask(&["configcheck", "--raw"]).expect(0).text().contains("changed-in-place") {}
    daemon.stop();
}

/// A mounted Kubernetes secret: a link to a link to a file, in a folder that is replaced as a whole.
#[test]
fn a_mounted_secret_that_is_swapped_is_read_again() {
    let folder = super::files();
    folder.mount("1", "store.json", r#"{"api": "a", "password": "of-the-first"}"#);
    let text = std::fs::read_to_string(folder.path().join("datadog.yaml")).unwrap();
    folder.write("datadog.yaml", text.replace("store.json", "mounted/store.json"));
    let daemon = super::resolved(&folder, &[("DD_SECRET_REFRESH_ON_FILE_CHANGE", "true")]);
    folder.mount("2", "store.json", r#"{"api": "a", "password": "of-the-second"}"#);
    std::fs::remove_dir_all(folder.path().join("mounted/..1")).unwrap();
    while !daemon.ask(&["configcheck", "--raw"]).expect(0).text().contains("of-the-second") {}
    daemon.stop();
}

#[test]
fn checks_stay_as_they_are_where_the_agent_says_so() {
    let folder = super::files();
    let daemon = super::resolved(&folder, &[("DD_SECRET_BACKEND_SKIP_CHECKS", "true")]);
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    assert!(raw.text().contains("password: ENC[password]") && !raw.text().contains("ENC[api]"), "{raw:?}");
    daemon.stop();
}

#[test]
fn template_variables_stand_for_what_the_instance_or_the_command_line_says() {
    let folder = super::files();
    let check = "instances:\n  - password: ENC[pass%%kind%%]\n    other: ENC[pass%%none%%]\n  \
                 - host: pass\n    password: ENC[%%host%%%%kind%%]\n";
    folder.write("conf.d/postgres.d/conf.yaml", check);
    let mut arguments: Vec<String> = super::arguments(&folder).into();
    arguments.extend(["--var".to_owned(), "kind=word".to_owned()]);
    let daemon = Daemon::start(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    daemon.until("resolved once");
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    assert!(raw.text().contains("- password: \"first\"\n    other: ENC[pass%%none%%]\n"), "{raw:?}");
    assert!(raw.text().contains("- host: pass\n    password: \"first\"\n"), "{raw:?}");
    let hidden = daemon.ask(&["configcheck"]).expect(0);
    assert!(!hidden.text().contains("first"), "{hidden:?}");
    let shown = daemon.ask(&["secret"]).expect(0);
    assert!(shown.text().contains("- 'password':\n"), "{shown:?}");
    daemon.stop();
}

#[test]
fn settings_of_refresh_audit_and_scope_count_from_the_reload() {
    let folder = super::files();
    folder.folder("run2");
    let daemon = super::resolved(&folder, &[]);
    assert!(daemon.ask(&["secret"]).expect(0).text().contains("'secret_refresh_interval' is disabled"));
    let text = std::fs::read_to_string(folder.path().join("datadog.yaml")).unwrap();
    let text = text.replace(&folder.at("run"), &folder.at("run2")).replace("api_key: ENC[api]\n", "");
    let more = "secret_refresh_interval: 3600\nsecret_refresh_scatter: false\n";
    folder.write("datadog.yaml", format!("{text}{more}"));
    daemon.signal(rustix::process::Signal::HUP);
    daemon.until("other settings of refresh, audit or scope are in use");
    let shown = daemon.ask(&["secret"]).expect(0);
    assert!(shown.text().contains("and then every 1h0m0s"), "{shown:?}");
    // The same job resolves the documents next; status waits for no job.
    while daemon.ask(&["secret"]).expect(0).text().contains("- 'api':") {}
    super::store(&folder, "another");
    daemon.ask(&["secret", "refresh"]).expect(0);
    let written = |run: &str| folder.path().join(run).join("secret-audit-file.json").exists();
    assert!(written("run2") && !written("run"), "the audit file follows its setting");

    folder.write("datadog.yaml", format!("{text}secret_backend_skip_checks: true\n"));
    daemon.signal(rustix::process::Signal::HUP);
    while daemon.ask(&["secret"]).expect(0).text().contains("- 'password':") {}
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    assert!(raw.text().contains("password: ENC[password]"), "{raw:?}");
    folder.write("datadog.yaml", &text);
    daemon.signal(rustix::process::Signal::HUP);
    while !daemon.ask(&["secret"]).expect(0).text().contains("- 'password':") {}
    daemon.stop();
}

#[test]
fn a_configuration_with_a_mistake_changes_nothing_and_one_without_is_taken() {
    let folder = super::files();
    let daemon = super::resolved(&folder, &[]);
    let good = std::fs::read_to_string(folder.path().join("datadog.yaml")).unwrap();
    for (bad, says) in [
        (
            format!("{good}secret_backend_timeout: soon\n"),
            "secret_backend_timeout: expected a whole number, found text",
        ),
        (good.replace("file.json", "[1"), "datadog.yaml:"),
        (good.replace("secret_backend_type: file.json", "secret_backend_type: file.jsom"), "file.jsom"),
        ("api_key: ENC[api]\n".to_owned(), "no secret backend"),
    ] {
        folder.write("datadog.yaml", &bad);
        daemon.signal(rustix::process::Signal::HUP);
        // Also by itself, if it looks at the files just then.
        let log = daemon.until(says);
        assert!(log.last().unwrap().contains("the one before it stays"), "{bad}: {log:#?}");
        super::store(&folder, says);
        daemon.ask(&["secret", "refresh"]).expect(0);
    }
    // A store in another folder, which the runner before may not see: the policy is another one, and so is the runner.
    folder.folder("more");
    folder.write("more/elsewhere.json", r#"{"api": "a", "password": "from-elsewhere"}"#);
    folder.write("datadog.yaml", good.replace("store.json", "more/elsewhere.json"));
    daemon.signal(rustix::process::Signal::HUP);
    daemon.until("another configuration is in use");
    daemon.ask(&["secret", "refresh"]).expect(0);
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    assert!(raw.text().contains("password: \"from-elsewhere\""), "{raw:?}");
    daemon.stop();
}
