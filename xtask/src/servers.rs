//! Real servers that tests talk to, from a Python package registry, in a folder of their own below `target`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::project::{Project, run};

/// What is installed, below the root of the project.
const LIST: &str = "tests/servers.txt";
/// Where, below the root of the project: tests look there.
const FOLDER: &str = "target/servers";
/// What was installed when it was complete.
const STAMP: &str = "installed.txt";

/// Installs what the list names, unless that is done already. Only built packages are taken: nothing of them is run.
pub(crate) fn install(project: &Project) -> anyhow::Result<()> {
    let (list, folder) = (project.root().join(LIST), project.root().join(FOLDER));
    let wanted = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!("servers: installing {LIST} into {FOLDER}");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
        .context("needed: Python 3 with its module venv (Debian: python3-venv)")?;
    run(Command::new(program(&folder, "pip"))
        .args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
            "--requirement",
        ])
        .arg(&list))?;
    fs::write(folder.join(STAMP), wanted).with_context(|| format!("cannot write {FOLDER}/{STAMP}"))
}

fn program(folder: &Path, name: &str) -> std::path::PathBuf {
    folder.join("bin").join(name)
}
