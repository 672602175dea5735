//! The hostile guests, run by the program that is made for them.

use std::process::Command;

use crate::guests;
use crate::project::{Project, Workspace, run};

/// Builds the guests and their host, and runs it with `arguments`.
pub(crate) fn run_walls(project: &Project, arguments: &[String]) -> anyhow::Result<()> {
    guests::build(project.root(), &project.dist())?;
    guests::precompile(project, &project.dist())?;
    // The whole workspace: a part of it would choose other features of its dependencies, and compile wasmtime again.
    run(project.compile(Workspace::Host, "build")?.arg("--quiet"))?;
    let walls = project.target_folder()?.join("release/portcullis-walls");
    run(Command::new(walls).args(arguments).current_dir(project.root()))
}
