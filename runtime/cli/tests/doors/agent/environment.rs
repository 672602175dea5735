//! Handles in the daemon's environment.

use super::{files, get, resolved};

#[test]
fn settings_of_the_environment_are_resolved_in_the_agents_own_file() {
    let folder = files();
    let file = std::fs::read_to_string(folder.path().join("datadog.yaml")).unwrap();
    folder.write("datadog.yaml", file.replace("ENC[api]", "ENC[nobody-asks-for-this]"));
    let daemon = resolved(
        &folder,
        &[
            ("DD_API_KEY", "ENC[api]"),
            ("DD_ADDITIONAL_ENDPOINTS", r#"{"https://app.example": ["ENC[other]"]}"#),
            ("NO_PROXY", "localhost,ENC[password]"),
            ("DD_SITE", "not-of-the-file"),
        ],
    );
    let shown = daemon.ask(&["secret"]).expect(0);
    for used in [
        "- 'api':\n  - used in 'datadog.yaml' configuration in entry 'api_key'\n",
        "- 'other':\n  - used in 'datadog.yaml' configuration in entry 'additional_endpoints/https://app.example/0'\n",
        "  - used in 'datadog.yaml' configuration in entry 'proxy/no_proxy/1'\n",
    ] {
        assert!(shown.text().contains(used), "{used}: {shown:?}");
    }
    assert!(!shown.text().contains("nobody-asks-for-this"), "{shown:?}");
    let configuration = get(&folder, "/agent/config?origin=datadog.yaml");
    for line in ["api_key: \"00000000000000000000000000000005\"\n", "    - \"third\"\n", "    - \"first\"\n"]
    {
        assert!(configuration.contains(line), "{line}: {configuration}");
    }
    assert!(!configuration.contains("not-of-the-file"), "{configuration}");
    daemon.stop();
}

#[test]
fn a_file_that_takes_no_setting_is_said() {
    let folder = files();
    let file = std::fs::read_to_string(folder.path().join("datadog.yaml")).unwrap();
    folder.write("datadog.yaml", format!("{file}proxy: none\n"));
    let daemon = resolved(&folder, &[("DD_PROXY_HTTP", "ENC[other]")]);
    let shown = daemon.ask(&["secret"]).expect(0);
    assert!(shown.text().contains("- 'api':") && !shown.text().contains("- 'other':"), "{shown:?}");
    folder.write("datadog.yaml", format!("{file}proxy: none # still\n"));
    daemon.signal(rustix::process::Signal::HUP);
    let said = daemon.until("handles in the environment are not resolved (DD_PROXY_HTTP)");
    assert!(said.last().unwrap().contains("WARN"), "{said:?}");
    daemon.stop();
}
