//! Format, clippy and documentation, of both workspaces.

use super::Outcome;
use crate::project::{Project, Workspace, run};

/// A crate's own page may name its private modules: it says what lies where.
const RUSTDOC: &str = "-D warnings -A rustdoc::private_intra_doc_links";

pub(super) fn format(project: &Project) -> anyhow::Result<Outcome> {
    each(|workspace| run(project.cargo(workspace, "fmt").args(["--all", "--check"])))
}

pub(super) fn clippy(project: &Project) -> anyhow::Result<Outcome> {
    each(|workspace| {
        run(project.compile(workspace, "clippy")?.args(["--all-targets", "--", "-D", "warnings"]))
    })
}

pub(super) fn docs(project: &Project) -> anyhow::Result<Outcome> {
    each(|workspace| run(project.compile(workspace, "doc")?.arg("--no-deps").env("RUSTDOCFLAGS", RUSTDOC)))
}

/// In both workspaces, the second also after the first has failed.
fn each(check: impl Fn(Workspace) -> anyhow::Result<()>) -> anyhow::Result<Outcome> {
    let [host, guests] = Workspace::ALL.map(check);
    host.and(guests)?;
    Ok(Outcome::Passed("both workspaces".to_owned()))
}
