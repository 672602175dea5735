//! Every test of both workspaces.

use crate::guests;
use crate::project::{Project, Workspace, run};
use crate::servers;

/// The guests are built first: most tests run the real components. Real servers are installed, where that can be done.
pub(crate) fn test(project: &Project) -> anyhow::Result<()> {
    guests::build(project.root(), &project.dist())?;
    guests::precompile(project, &project.dist())?;
    if let Err(error) = servers::install(project) {
        eprintln!("test: WARNING: no real servers, so the tests that need one skip it: {error:#}");
    }
    for workspace in [Workspace::Guests, Workspace::Host] {
        eprintln!("test: the {} workspace", workspace.name());
        run(&mut project.compile(workspace, "test")?)?;
    }
    Ok(())
}
