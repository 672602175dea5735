//! What does not start, and who is not answered.

use crate::support::{Daemon, Folder, Portcullis};

#[test]
fn what_cannot_start_says_what_to_do() {
    let folder = super::files();
    let (config, socket) = (folder.at("datadog.yaml"), folder.at("agent.sock"));
    folder.write("portcullis.yaml", "version: 1\nproviders: { p: { component: ./x.wasm } }\n");
    folder.write("bad.yaml", "secret_backend_type: file.json\nsecret_refresh_interval: soon\n");
    folder.write("none.yaml", "api_key: ENC[api]\n");
    folder.write("command.yaml", "secret_backend_command: /bin/true\napi_key: ENC[api]\n");
    let (own, bad, file) = (folder.at("portcullis.yaml"), folder.at("bad.yaml"), folder.at("store.json"));
    let (none, command) = (folder.at("none.yaml"), folder.at("command.yaml"));
    let out = folder.at("out");
    let rows: &[(&[&str], &[&str])] = &[
        (&["--config", "/nowhere/datadog.yaml"], &["cannot read /nowhere/datadog.yaml"]),
        (&["--config", &own], &["is a Portcullis file", "--datadog"]),
        (&["--config", &bad], &["secret_refresh_interval: expected a whole number, found text"]),
        (&["--config", &none], &["none.yaml: no secret backend", "`secret_backend_type`", "--config"]),
        (&["--config", &command], &["no secret backend", "`secret_backend_command` is not run", "--config"]),
        (&["--config", &config, "--out", &out], &["tmpfs"]),
    ];
    for (arguments, says) in rows {
        let all = [&["agent", "--socket", &socket], *arguments].concat();
        Portcullis::new(all).run().refused(2, says);
    }
    let taken = ["agent", "--config", &config, "--socket", &file];
    Portcullis::new(taken).run().refused(2, &["something else than a socket lies there"]);
    let nowhere = ["agent", "--config", &config, "--socket", "/nowhere/agent.sock"];
    Portcullis::new(nowhere).run().refused(2, &["its folder must exist"]);
    Portcullis::new(["agent"]).run().refused(2, &["no configuration", "--config"]);
}

#[test]
fn there_is_one_daemon_at_a_socket() {
    let folder = super::files();
    let arguments = super::arguments(&folder);
    let arguments = arguments.each_ref().map(String::as_str);
    let first = Daemon::start(&folder, &arguments);
    first.until("resolved once");
    let socket = folder.at("agent.sock");
    let second = [&["agent", "--socket", &socket], arguments.as_slice()].concat();
    Portcullis::new(second).run().refused(2, &["another server listens there", "--socket"]);
    // The first has noticed nothing.
    first.ask(&["secret"]).expect(0);
    first.kill();
    // What it left is no hindrance.
    let third = Daemon::start(&folder, &arguments);
    third.until("resolved once");
    third.stop();
}

#[test]
fn nobody_there_is_said() {
    let folder = Folder::new();
    let socket = folder.at("agent.sock");
    for command in [["secret", "--socket"], ["configcheck", "--socket"]] {
        let run = Portcullis::new([command[0], command[1], &socket]).run();
        run.refused(2, &["cannot reach the daemon", "portcullis agent", "--socket"]);
    }
}
