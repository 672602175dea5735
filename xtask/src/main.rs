//! The project's own tasks: `cargo xtask <task>`.
//!
//! * `guests`: the built-in secret backends, from source to `guest-providers/dist/`.

#![forbid(unsafe_code)]

mod guests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own tasks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the built-in secret backends as WebAssembly components.
    ///
    /// Does nothing when nothing changed since the last time. Exit code 3: no compiler that can do it.
    Guests {
        /// Where the components go [default: guest-providers/dist]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Build a second time from a copy in another folder, and fail unless the bytes are the same
        #[arg(long)]
        check: bool,
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no root")?;
    match task {
        Task::Guests { out, check } => {
            let out = out.unwrap_or_else(|| root.join("guest-providers/dist"));
            if check { guests::check(root, &out) } else { guests::build(root, &out) }
        }
    }
}
