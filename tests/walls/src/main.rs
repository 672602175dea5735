//! `portcullis-walls`: every hostile guest, and what became of it.

#![forbid(unsafe_code)]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use portcullis_walls::report::{self, Line};
use portcullis_walls::soak::{self, Held};
use portcullis_walls::{GUESTS, Stage, run, under_a_proxy, worker};

/// Runs the hostile guests beside one that behaves and prints how each was contained.
///
/// Times are printed and never judged. Exit code 1 where one was not contained.
#[derive(Parser)]
#[command(
    after_help = "Examples:\n  cargo xtask walls                           # all of them\n  cargo xtask walls compute                   # those of one area\n  cargo xtask walls --soak 100000\n  cargo xtask walls --update SECURITY.md"
)]
struct Arguments {
    /// Only guests whose name contains this.
    name: Option<String>,
    /// One JSON object for each guest, a line each.
    #[arg(long)]
    json: bool,
    /// Bring the table of a document (SECURITY.md) up to date; runs nothing.
    #[arg(long, value_name = "FILE")]
    update: Option<PathBuf>,
    /// So many calls, good and hostile ones in turns; memory and descriptors must stay flat.
    #[arg(long, value_name = "CALLS")]
    soak: Option<usize>,
}

fn main() -> ExitCode {
    if let Some(code) = worker().or_else(under_a_proxy) {
        return code;
    }
    match start(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("portcullis-walls: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all were contained.
fn start(arguments: &Arguments) -> anyhow::Result<bool> {
    let mut out = std::io::stdout().lock();
    if let Some(document) = &arguments.update {
        let text = std::fs::read_to_string(document).with_context(|| document.display().to_string())?;
        let text = report::with_table(&text).map_err(anyhow::Error::msg)?;
        std::fs::write(document, text).with_context(|| document.display().to_string())?;
        return Ok(true);
    }
    let stage = Stage::new()?;
    if let Some(calls) = arguments.soak {
        writeln!(out, "{:>10} {:>14} {:>12}", "calls", "resident", "descriptors")?;
        let print = |held: &Held| {
            // Whoever closed the pipe wants no more of it.
            let _ = writeln!(
                std::io::stdout(),
                "{:>10} {:>10} KiB {:>12}",
                held.calls,
                held.resident >> 10,
                held.descriptors
            );
        };
        drop(out);
        return Ok(soak::is_flat(&soak::soak(&stage, calls, print).map_err(anyhow::Error::msg)?));
    }
    if !arguments.json {
        writeln!(out, "{}", report::heading())?;
    }
    let mut lines = Vec::new();
    let wanted = |name: &str| arguments.name.as_ref().is_none_or(|wanted| name.contains(wanted.as_str()));
    for (name, behaviour) in GUESTS.iter().filter(|(name, _)| wanted(name)) {
        let behaviour = behaviour();
        let line = Line { name, result: run(name, &behaviour, &stage), behaviour };
        if arguments.json {
            writeln!(out, "{}", line.json())?;
        } else {
            writeln!(out, "{}", line.text())?;
        }
        lines.push(line);
    }
    if !arguments.json {
        writeln!(out, "{}", report::summary(&lines))?;
    }
    Ok(lines.iter().all(|line| line.result.is_ok()))
}
