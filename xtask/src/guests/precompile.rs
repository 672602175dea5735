//! Components -> machine code, by the program that knows the engine's settings.

use std::path::Path;

use super::step;
use crate::project::{Project, Workspace, run};

/// Brings the compiled form of every component in `dist` up to date.
pub(crate) fn precompile(project: &Project, dist: &Path) -> anyhow::Result<()> {
    step(&format!("compiled code for {}", dist.display()));
    let mut cargo = project.cargo(Workspace::Host, "run");
    cargo.args(["--release", "--package", "portcullis-sandbox", "--bin", "portcullis-precompile", "--"]);
    run(cargo.arg(dist))
}
