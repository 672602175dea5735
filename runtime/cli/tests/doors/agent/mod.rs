//! The daemon, as an operator runs and asks it.

mod changes;
mod environment;
mod hidden;
mod kills;
mod numbers;
mod refresh;
mod refused;
mod sections;
mod status;

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use crate::support::{Daemon, Folder};

/// An agent's files: its own, one check, and a store of three values.
pub(super) fn files() -> Folder {
    let folder = Folder::new();
    folder.folder("run");
    store(&folder, "first");
    let store = folder.at("store.json");
    let run = folder.at("run");
    folder.write(
        "datadog.yaml",
        format!(
            "api_key: ENC[api]\nsecret_backend_type: file.json\nsecret_backend_config: {{ file_path: {store} }}\n\
             run_path: {run}\n"
        ),
    );
    folder.write(
        "conf.d/postgres.d/conf.yaml",
        "init_config:\ninstances:\n  - host: localhost\n    password: ENC[password]\n",
    );
    folder
}

/// Puts values into the store.
pub(super) fn store(folder: &Folder, password: &str) {
    let api = format!("{:0>32}", password.len());
    folder.write("store.json", format!(r#"{{"api": "{api}", "password": "{password}", "other": "third"}}"#));
}

/// The daemon's arguments for those files.
pub(super) fn arguments(folder: &Folder) -> [String; 4] {
    ["--config".to_owned(), folder.at("datadog.yaml"), "--confd".to_owned(), folder.at("conf.d")]
}

/// A daemon over those files, with variables in its environment, once it has resolved them.
pub(super) fn resolved(folder: &Folder, variables: &[(&str, &str)]) -> Daemon {
    let arguments = arguments(folder);
    let daemon = Daemon::spawn(folder, &arguments.each_ref().map(String::as_str), variables);
    daemon.until("resolved once");
    daemon
}

/// What that daemon answers on its socket, head and all.
pub(super) fn get(folder: &Folder, target: &str) -> String {
    let mut stream = UnixStream::connect(folder.path().join("agent.sock")).unwrap();
    write!(stream, "GET {target} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A private folder on a memory file system, which goes with the test.
pub(super) fn memory() -> Option<tempfile::TempDir> {
    let made = tempfile::Builder::new().prefix("portcullis-test-").tempdir_in("/dev/shm").ok()?;
    crate::support::set_mode(made.path(), 0o700);
    Some(made)
}
