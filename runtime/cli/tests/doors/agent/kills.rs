//! A daemon that is killed at any moment leaves whole files with the right modes, and the next one goes on.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::{Daemon, Portcullis};

/// How often, unless `PORTCULLIS_KILLS` says otherwise: a soak sets it to 1,000.
const KILLS: u32 = 12;

#[test]
fn nothing_is_torn() {
    let kills = std::env::var("PORTCULLIS_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let folder = super::files();
    let memory = super::memory();
    let mut arguments: Vec<String> = super::arguments(&folder).into();
    if let Some(memory) = &memory {
        arguments.extend(["--out".to_owned(), memory.path().display().to_string()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let socket = folder.at("agent.sock");
    // A new value every few milliseconds, and a refresh for each: something is always being written.
    let mut random = fastrand::Rng::with_seed(1);
    let variables = [("DD_SECRET_REFRESH_INTERVAL", "1"), ("DD_SECRET_REFRESH_SCATTER", "false")];
    for kill in 0..kills {
        super::store(&folder, &format!("value-{kill}"));
        let daemon = Daemon::spawn(&folder, &arguments, &variables);
        // Also before it listens. A refresh is asked for while the kill is on its way.
        let asked = random.bool().then(|| daemon.until("resolved once"));
        std::thread::scope(|scope| {
            if asked.is_some() {
                super::store(&folder, &format!("value-{kill}-{}", "x".repeat(random.usize(0..40))));
                scope.spawn(|| Portcullis::new(["secret", "refresh", "--socket", &socket]).run());
            }
            // Not to wait for anything: to be anywhere.
            std::thread::sleep(std::time::Duration::from_micros(random.u64(0..40_000)));
            daemon.signal(rustix::process::Signal::KILL);
        });
        daemon.kill();
        whole(&folder.path().join("run/secret-audit-file.json"));
        if let Some(memory) = &memory {
            rendered(memory.path());
        }
    }
    let daemon = Daemon::start(&folder, &arguments);
    daemon.until("resolved once");
    daemon.stop();
}

/// Every line is whole, but for the one that was being written.
fn whole(audit: &Path) {
    let Ok(text) = std::fs::read_to_string(audit) else { return };
    assert_eq!(std::fs::metadata(audit).unwrap().permissions().mode() & 0o777, 0o640);
    let (lines, _torn) = text.rsplit_once('\n').unwrap_or(("", &text));
    for line in lines.lines() {
        let record: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(record["time"].is_string() && record["data"].is_array(), "{line}");
    }
}

/// Every file is one text or another, whole, and its owner's alone.
fn rendered(folder: &Path) {
    let check = folder.join("conf.d/postgres.d/conf.yaml");
    let Ok(text) = std::fs::read_to_string(&check) else { return };
    assert!(text.starts_with("init_config:\n") && text.ends_with("\"\n"), "{text}");
    for file in [check, folder.join("datadog.yaml")] {
        if let Ok(metadata) = std::fs::metadata(&file) {
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
    }
}
