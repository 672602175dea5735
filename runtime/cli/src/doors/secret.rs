//! `portcullis secret`, `secret refresh` and `configcheck`: asked of a daemon that runs.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use portcullis_agent::client;

use crate::arguments::{ConfigCheck, Secret, SecretAction};
use crate::exit::Exit;
use crate::stdio;

/// As long as a refresh of a slow store may take, and a little more.
const PATIENCE: Duration = Duration::from_secs(60);

/// Shows what the daemon knows.
pub(crate) fn main(arguments: &Secret) -> anyhow::Result<Exit> {
    match &arguments.action {
        None if arguments.json => ask(&arguments.socket.path(), "/agent/secrets?format=json"),
        None => ask(&arguments.socket.path(), "/agent/secrets"),
        Some(SecretAction::Refresh { socket }) => {
            // An option of the command counts behind its action, too.
            let path = if socket.is_named() { socket.path() } else { arguments.socket.path() };
            ask(&path, "/agent/secret/refresh")
        }
    }
}

/// Shows the daemon's configurations.
pub(crate) fn config_check(arguments: &ConfigCheck) -> anyhow::Result<Exit> {
    let target = if arguments.raw { "/agent/config-check?raw=true" } else { "/agent/config-check" };
    ask(&arguments.socket.path(), target)
}

fn ask(path: &Path, target: &str) -> anyhow::Result<Exit> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().context("cannot start the task runtime")?;
    let (status, body) = runtime.block_on(client::get(path, target, PATIENCE))?;
    if !status.is_success() {
        eprint!("portcullis: the daemon says: {}", String::from_utf8_lossy(&body));
        return Ok(Exit::No);
    }
    stdio::write(&body).context("cannot write to standard output")?;
    if body.last() != Some(&b'\n') {
        stdio::write(b"\n").context("cannot write to standard output")?;
    }
    Ok(Exit::Done)
}
