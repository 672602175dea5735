//! Values that change while the daemon runs: in files, on the socket, in the audit file.

use crate::support::Daemon;

#[test]
fn a_change_reaches_everybody_and_is_written_down_without_its_value() {
    let folder = super::files();
    let memory = super::memory();
    let mut arguments: Vec<String> = super::arguments(&folder).into();
    if let Some(memory) = &memory {
        arguments.extend(["--out".to_owned(), memory.path().display().to_string()]);
    }
    let daemon = Daemon::start(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    daemon.until("resolved once");
    let audit = folder.path().join("run/secret-audit-file.json");
    assert!(!audit.exists(), "the first values are no change");

    super::store(&folder, "second-value");
    daemon.ask(&["secret", "refresh"]).expect(0);
    let line = std::fs::read_to_string(&audit).unwrap();
    let data = line.split_once("\"data\":").unwrap().1;
    let api = format!("{:0>32}", "second-value".len());
    let masked = format!("{}{}", "*".repeat(28), api.get(28..).unwrap());
    assert_eq!(
        data,
        format!("[{{\"handle\":\"api\",\"value\":\"{masked}\"}},{{\"handle\":\"password\"}}]}}\n")
    );

    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    assert!(raw.text().contains("password: \"second-value\""), "{raw:?}");
    let hidden = daemon.ask(&["configcheck"]).expect(0);
    assert!(hidden.text().contains("host: localhost"), "{hidden:?}");
    assert!(!hidden.text().contains("second-value") && !hidden.text().contains(&api), "{hidden:?}");
    let log = daemon.stop();
    assert!(!log.iter().any(|line| line.contains("second-value") || line.contains(&api)), "{log:#?}");
    if let Some(memory) = memory {
        let rendered = memory.path().join("conf.d/postgres.d/conf.yaml");
        let text = std::fs::read_to_string(&rendered).unwrap();
        assert!(text.ends_with("password: \"second-value\"\n"), "{text}");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&rendered).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn metrics_and_readiness_are_answered_and_name_no_handle() {
    let folder = super::files();
    let daemon = super::resolved(&folder, &[]);
    let get = |target: &str| super::get(&folder, target);
    assert!(get("/ready").ends_with("ready\n"));
    assert!(get("/live").ends_with("live\n"));
    let metrics = get("/metrics");
    for line in [
        "portcullis_ready 1",
        "portcullis_configurations 2",
        "portcullis_secrets{kind=\"cached\"} 2",
        "portcullis_secrets{kind=\"failing\"} 0",
        "portcullis_secret_backend_fetches_total{provider=\"default\"} ",
    ] {
        assert!(metrics.contains(&format!("\n{line}")), "{line} is not in {metrics}");
    }
    assert!(!metrics.contains("\"api\"") && !metrics.contains("\"password\""), "{metrics}");
    let origin = get("/agent/configs")
        .lines()
        .find_map(|line| {
            line.split_once('\t')
                .filter(|(name, _)| name.starts_with("postgres"))
                .map(|(name, _)| name.to_owned())
        })
        .unwrap();
    assert!(get(&format!("/agent/config?origin={origin}")).ends_with("password: \"first\"\n"));
    for (target, says) in [
        ("/agent/config", "HTTP/1.0 400"),
        ("/agent/config?origin=nobody", "HTTP/1.0 404"),
        ("/agent/nothing", "HTTP/1.0 404"),
    ] {
        assert!(get(target).starts_with(says), "{target}");
    }
    daemon.stop();
}
