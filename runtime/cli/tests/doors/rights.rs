//! The rights that the agent asks of a `secret_backend_command`, those that we ask of a file, and the binary installed so that
//! the agent runs it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Folder, Portcullis, root, set_mode};

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

/// What a mode is worth.
struct Row {
    mode: u32,
    /// Whether the agent runs a command of this mode, without and with its group option.
    agent: (bool, bool),
    /// Whether a file of this mode may configure us, without and with `--allow-group-write`.
    ours: (bool, bool),
}

const fn row(mode: u32, agent: (bool, bool), ours: (bool, bool)) -> Row {
    Row { mode, agent, ours }
}

/// The agent's own table, and beside it our rule for the files that we believe. They differ, because they ask for different
/// things: the agent executes a command, and wants nobody else to read or run what may hold the way to a store. We read a file
/// that holds no secret, and ask only who could have written it: reading and executing are nobody's harm, so that a package may
/// install it as 0644. Neither takes what others can write.
const ROWS: &[Row] = &[
    row(0o700, (true, true), (true, true)),
    row(0o500, (true, true), (true, true)),
    row(0o600, (false, false), (true, true)),
    row(0o644, (false, false), (true, true)),
    row(0o710, (false, true), (true, true)),
    row(0o701, (false, false), (true, true)),
    row(0o702, (false, false), (false, false)),
    row(0o704, (false, false), (true, true)),
    row(0o750, (false, true), (true, true)),
    row(0o550, (false, true), (true, true)),
    row(0o770, (false, false), (false, true)),
    row(0o720, (false, false), (false, true)),
    row(0o755, (false, false), (true, true)),
];

#[test]
fn a_file_is_believed_whatever_the_agent_says_of_it_if_nobody_else_can_write_it() {
    let folder = Folder::new();
    folder.write("s.json", r#"{"k":"v"}"#);
    let settings = format!("secret_backend_config: {{ file_path: '{}' }}\n", folder.at("s.json"));
    let config = folder.write("c.yaml", format!("secret_backend_type: file.json\n{settings}"));
    let shown = config.to_str().unwrap();
    for Row { mode, ours, .. } in ROWS {
        set_mode(&config, *mode);
        for (options, accepted) in [(&[][..], ours.0), (&["--allow-group-write"][..], ours.1)] {
            let arguments = [&["resolve", "--config", shown, "-"], options].concat();
            let run = Portcullis::new(arguments).stdin("a: ENC[k]\n").run();
            if accepted {
                assert_eq!(run.expect(0).text(), "a: \"v\"\n", "{mode:04o} {options:?}");
            } else {
                let says = format!("{shown}: mode {mode:04o}");
                run.refused(2, &["refusing to trust a file that others can change", &says, "chmod"]);
            }
        }
    }
    fs::remove_file(&config).unwrap();
    let missing = Portcullis::new(["resolve", "--config", shown, "-"]).stdin("a: ENC[k]\n").run();
    missing.refused(2, &[&format!("cannot read {shown}")]);
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
        let row = ROWS.iter().find(|row| row.mode == mode).unwrap();
        assert!(
            if option { row.agent.1 } else { row.agent.0 },
            "the agent runs a command of mode {mode:04o}"
        );
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
