//! The project's own tasks: `cargo xtask <task>`.
//!
//! * [`guests`]: the built-in secret backends, from source to `guest-providers/dist/`.
//! * [`demo`]: the shipped example, resolved by the shipped binary.
//! * [`mod@test`]: every test of both workspaces.
//! * [`mod@lint`]: every check that needs no test runner.
//! * [`mode`]: permission bits.
//! * [`servers`]: real servers that tests talk to.
//! * [`walls`]: the hostile guests, and their table in `SECURITY.md`.
//! * [`project`]: where things are, and how the two workspaces are built.

#![forbid(unsafe_code)]

mod demo;
mod guests;
mod lint;
mod mode;
mod project;
mod servers;
mod test;
mod walls;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use lint::Check;
use project::Project;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own tasks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the built-in secret backends: WebAssembly components and their compiled form.
    ///
    /// Does nothing when nothing changed since the last time. Exit code 3: no compiler that can do it.
    Guests {
        /// Where they go [default: guest-providers/dist]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Build a second time from a copy in another folder, and fail unless the bytes are the same
        #[arg(long)]
        check: bool,
        /// The components alone, without their compiled form
        #[arg(long)]
        components_only: bool,
    },
    /// Build what ships and resolve the example configuration with it.
    ///
    /// The resolved file goes to standard output, all else to standard error.
    Demo {
        /// Keep the copy of the example that is worked on
        #[arg(long)]
        keep: bool,
    },
    /// Install the real servers that some tests talk to, below `target/servers`. Needs Python 3 and its package registry.
    ///
    /// Does nothing when they are there.
    Servers,
    /// Run every test.
    Test,
    /// Run the hostile guests and print how each was contained: outcome, time, host memory, neighbour's latency.
    ///
    /// Everything after `walls` is passed on: see `cargo xtask walls --help`.
    #[command(disable_help_flag = true)]
    Walls {
        /// A part of a guest's name, or options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run every check: format, clippy, documentation, licences, advisories, sizes, features.
    ///
    /// All of them run, also after one has failed.
    Lint {
        /// Only these
        #[arg(value_enum)]
        checks: Vec<Check>,
    },
}

fn main() -> ExitCode {
    if let Some(code) = guests::crate_names::compile() {
        return code;
    }
    let Arguments { task } = Arguments::parse();
    match run(task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            if error.is::<guests::NoCompiler>() { ExitCode::from(3) } else { ExitCode::FAILURE }
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    let project = Project::find()?;
    match task {
        Task::Guests { out, check, components_only } => {
            let out = out.map_or_else(|| Ok(project.dist()), std::path::absolute)?;
            if check { guests::check(project.root(), &out) } else { guests::build(project.root(), &out) }?;
            if components_only { Ok(()) } else { guests::precompile(&project, &out) }
        }
        Task::Demo { keep } => demo::run_demo(&project, keep),
        Task::Servers => servers::install(&project),
        Task::Test => test::test(&project),
        Task::Walls { arguments } => walls::run_walls(&project, &arguments),
        Task::Lint { checks } => lint::lint(&project, &checks),
    }
}
