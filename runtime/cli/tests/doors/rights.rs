//! The rights that the agent asks of a `secret_backend_command`, and the binary installed so that it has them.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Folder, Portcullis, root, set_mode};

/// The agent's rule: no rights of others, and none of the group (with its option: no write permission of the group);
/// then that the file can be executed.
fn agent_accepts(path: &Path, allow_group_exec: bool) -> Result<(), String> {
    let shown = path.display();
    let mode = fs::metadata(path)
        .map_err(|error| format!("invalid executable '{shown}': can't stat it: {error}"))?
        .mode();
    if allow_group_exec {
        if mode & 0o027 != 0 {
            return Err(format!(
                "invalid executable '{shown}', 'others' have rights on it or 'group' has write permissions on it"
            ));
        }
    } else if mode & 0o077 != 0 {
        return Err(format!("invalid executable '{shown}', 'group' or 'others' have rights on it"));
    }
    // access(X_OK) by the one tool that every system has.
    let executable = Command::new("test").arg("-x").arg(path).status().unwrap().success();
    if executable {
        Ok(())
    } else {
        Err(format!("invalid executable '{shown}': can't access it: permission denied"))
    }
}

/// By the README's own command, and so by another process: a file that this one had open for writing could still be
/// held open by what other tests start at that moment, and would then be too busy to run.
fn install(folder: &Folder, mode: u32) -> PathBuf {
    let path = folder.path().join("portcullis");
    let mode = format!("{mode:04o}");
    let mut install = Command::new("install");
    install.args(["-m", &mode, env!("CARGO_BIN_EXE_portcullis")]).arg(&path);
    assert!(install.status().unwrap().success());
    path
}

/// Mode, verdict, verdict with the agent's group option.
const ROWS: &[(u32, bool, bool)] = &[
    (0o700, true, true),
    (0o500, true, true),
    (0o100, true, true),
    (0o600, false, false),
    (0o710, false, true),
    (0o701, false, false),
    (0o702, false, false),
    (0o704, false, false),
    (0o750, false, true),
    (0o550, false, true),
    (0o770, false, false),
    (0o720, false, false),
    (0o755, false, false),
];

#[test]
fn modes_are_accepted_as_the_agent_accepts_them() {
    let folder = Folder::new();
    let path = install(&folder, 0o500);
    for (mode, default, group) in ROWS {
        set_mode(&path, *mode);
        assert_eq!(agent_accepts(&path, false).is_ok(), *default, "{mode:04o}");
        assert_eq!(agent_accepts(&path, true).is_ok(), *group, "{mode:04o} with the group option");
    }
    let missing = folder.path().join("missing");
    assert!(agent_accepts(&missing, false).is_err() && agent_accepts(&missing, true).is_err());
}

#[test]
fn installed_as_the_readme_says_it_runs_as_the_agents_command() {
    let folder = Folder::new();
    folder.write("s.json", r#"{"k":"v"}"#);
    let config = folder.write(
        "portcullis.yaml",
        format!(
            "version: 1\nproviders: {{ f: {{ type: file.json, config: {{ file_path: '{}' }} }} }}\n",
            folder.at("s.json")
        ),
    );
    // The mode of the README, and that for the agent's group option.
    for (mode, option) in [(0o500, false), (0o550, true)] {
        let binary = install(&folder, mode);
        agent_accepts(&binary, option).unwrap();
        assert_eq!(fs::metadata(&binary).unwrap().permissions().mode() & 0o7777, mode);
        let payload = r#"{"version":"1.1","secrets":["k","none"],"secret_backend_timeout":30}"#;
        let expected = concat!(
            r#"{"k":{"value":"v","error":null},"#,
            r#""none":{"value":null,"error":"backend does not provide requested secret"}}"#
        );
        let run =
            Portcullis::at(&binary, ["--config".as_ref(), config.as_os_str()]).stdin(payload).run().expect(0);
        assert_eq!(run.text(), expected);
        assert_eq!(run.stderr, "", "the agent logs whatever is there");
    }
}

/// The agent runs as a user of its own, who owns the binary but neither its configuration nor its folder.
#[test]
fn another_user_runs_what_root_installed() {
    use std::os::unix::process::CommandExt as _;
    const AGENT: u32 = 12345;

    if !root() {
        eprintln!("left out: it takes root to become another user");
        return;
    }
    let folder = Folder::new();
    set_mode(folder.path(), 0o755);
    let secrets = folder.write("s.json", r#"{"k":"v"}"#);
    let config = folder.write(
        "portcullis.yaml",
        format!(
            "version: 1\nproviders: {{ f: {{ type: file.json, config: {{ file_path: '{}' }} }} }}\n",
            secrets.display()
        ),
    );
    set_mode(&config, 0o644);
    let own = |path: &Path, user: Option<u32>, group: Option<u32>| {
        std::os::unix::fs::chown(path, user, group).unwrap();
    };
    own(&secrets, Some(AGENT), Some(AGENT));
    for (mode, owner) in [(0o500, Some(AGENT)), (0o550, None)] {
        let binary = install(&folder, mode);
        own(&binary, owner, Some(AGENT));
        let mut portcullis = Portcullis::at(&binary, ["--config".as_ref(), config.as_os_str()])
            .stdin(r#"{"version":"1.1","secrets":["k"],"secret_backend_timeout":30}"#);
        portcullis.command().uid(AGENT).gid(AGENT);
        assert_eq!(portcullis.run().expect(0).text(), r#"{"k":{"value":"v","error":null}}"#, "{mode:04o}");
    }
}
