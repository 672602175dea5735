//! Components -> machine code, by the program that knows the engine's settings.

use std::path::Path;
use std::process::Command;

use super::step;
use crate::project::{Project, Workspace, run};

/// Brings the compiled form of every component in `dist` up to date.
pub(crate) fn precompile(project: &Project, dist: &Path) -> anyhow::Result<()> {
    step(&format!("compiled code in {}", dist.display()));
    let mut cargo = project.cargo(Workspace::Host, "build");
    // The command is not built here (it carries the result). It is named so that its dependencies, wasmtime above all, are
    // built with the features that the command wants, and are then there for it.
    cargo.args(["--release", "--package", "portcullis-sandbox", "--package", "portcullis-cli"]);
    run(cargo.args(["--bin", "portcullis-precompile"]))?;
    run(Command::new(project.target_folder()?.join("release/portcullis-precompile")).arg(dist))
}
