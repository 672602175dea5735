//! Known weaknesses of dependencies: by cargo-deny, with the database that is there.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Outcome;
use crate::project::{Project, Workspace, run};

/// Nothing is fetched: a check that depends on the network is not one of the tree.
pub(super) fn check(project: &Project) -> anyhow::Result<Outcome> {
    if !is_installed() {
        return Ok(Outcome::NotChecked(
            "cargo-deny is not installed (`cargo install --locked cargo-deny`)".to_owned(),
        ));
    }
    if !has_database() {
        return Ok(Outcome::NotChecked(
            "the advisory database is not here (`cargo deny fetch`, with a network)".to_owned(),
        ));
    }
    let config = project.root().join("deny.toml");
    for workspace in Workspace::ALL {
        let mut deny = project.cargo(workspace, "deny");
        deny.args(["--offline", "check", "--config"]).arg(&config);
        run(deny.args(["--disable-fetch", "advisories", "bans", "sources"]))?;
    }
    Ok(Outcome::Passed("as the database on this machine knows them; bans and sources too".to_owned()))
}

fn is_installed() -> bool {
    let mut command = Command::new("cargo-deny");
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Where cargo-deny keeps its databases unless told otherwise.
fn has_database() -> bool {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.is_some_and(|home| {
        home.join("advisory-dbs").read_dir().is_ok_and(|mut found| found.next().is_some())
    })
}
