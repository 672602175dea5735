//! Every test of both workspaces.

use crate::guests;
use crate::project::{Project, Workspace, run};

/// The guests are built first: most tests run the real components.
pub(crate) fn test(project: &Project) -> anyhow::Result<()> {
    guests::build(project.root(), &project.dist())?;
    guests::precompile(project, &project.dist())?;
    for workspace in [Workspace::Guests, Workspace::Host] {
        eprintln!("test: the {} workspace", workspace.name());
        run(&mut project.compile(workspace, "test")?)?;
    }
    Ok(())
}
