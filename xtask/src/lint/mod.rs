//! Checks that need no test runner. Each says in one line what it found; all of them run, also after one has failed.
//!
//! * [`style`]: format, clippy and documentation, of both workspaces.
//! * [`licences`]: what the licences of all dependencies allow.
//! * [`advisories`]: known weaknesses of dependencies, where that can be known without a network.
//! * [`sizes`]: no source file grows out of hand.
//! * [`features`]: tests run the dependencies that ship.

mod advisories;
mod features;
mod licences;
mod sizes;
mod style;

use std::fmt;
use std::time::Instant;

use anyhow::bail;
use clap::ValueEnum;

use crate::guests;
use crate::project::Project;

/// One check.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Check {
    /// rustfmt
    Format,
    /// clippy, every remark an error
    Clippy,
    /// rustdoc, every warning an error
    Docs,
    /// Licences of all dependencies against the list in deny.toml
    Licences,
    /// Known weaknesses of dependencies, if cargo-deny and its database are there
    Advisories,
    /// Length of source files
    Sizes,
    /// Tests and the shipped binary use one build of wasmtime
    Features,
}

/// What became of a check that found no fault.
enum Outcome {
    /// Nothing is wrong; what was looked at.
    Passed(String),
    /// It could not be made here, and why.
    NotChecked(String),
}

impl Check {
    /// Whether sources are compiled, so that the built-in backends have to be there.
    const fn compiles(self) -> bool {
        matches!(self, Self::Clippy | Self::Docs)
    }

    fn run(self, project: &Project) -> anyhow::Result<Outcome> {
        match self {
            Self::Format => style::format(project),
            Self::Clippy => style::clippy(project),
            Self::Docs => style::docs(project),
            Self::Licences => licences::check(project),
            Self::Advisories => advisories::check(project),
            Self::Sizes => sizes::check(project),
            Self::Features => features::check(project),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.pad(value.get_name()))
    }
}

/// Makes the given checks; all where none is given.
pub(crate) fn lint(project: &Project, checks: &[Check]) -> anyhow::Result<()> {
    let checks = if checks.is_empty() { Check::value_variants() } else { checks };
    if checks.iter().any(|check| check.compiles()) {
        guests::build(project.root(), &project.dist())?;
        guests::precompile(project, &project.dist())?;
    }
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for check in checks {
        eprintln!("lint: {check}");
        let started = Instant::now();
        let words = match check.run(project) {
            Ok(Outcome::Passed(what)) => format!("ok: {what}"),
            Ok(Outcome::NotChecked(why)) => format!("NOT CHECKED: {why}"),
            Err(error) => {
                failed.push(check.to_string());
                format!("FAILED: {error:#}")
            }
        };
        summary.push(format!("{check:<10} {:>4} s  {words}", started.elapsed().as_secs()));
    }
    eprintln!("lint: all done");
    for line in summary {
        eprintln!("  {line}");
    }
    if !failed.is_empty() {
        bail!("lint found faults: {}", failed.join(", "));
    }
    Ok(())
}
