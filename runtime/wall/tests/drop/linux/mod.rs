//! The parent, the child, and what they say to each other.

mod place;
mod rows;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};

use portcullis_wall::Report;

use place::{Before, Place};
use rows::{Expected, ROWS, Row};

/// Names the row to a child, the folder that it is about, and whether it keeps its rights.
const ROW: &str = "WALL_ROW";
const FOLDER: &str = "WALL_FOLDER";
const KEEP: &str = "WALL_KEEP";

pub(crate) fn main() -> ExitCode {
    match std::env::var(ROW) {
        Ok(name) => child(ROWS.iter().find(|row| row.name == name).expect("a row of the table")),
        Err(_) => parent(),
    }
}

fn parent() -> ExitCode {
    let mut failed = 0;
    for row in ROWS {
        let verdict = judge(row);
        println!("{:60} {}", row.name, verdict.as_ref().unwrap_or_else(|wrong| wrong));
        failed += usize::from(verdict.is_err());
    }
    println!("\n{} rows, {failed} failed", ROWS.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tries a row after the drop, and what is refused then also without it: something else could have refused it.
fn judge(row: &Row) -> Result<String, String> {
    let outcome = attempt(row, false);
    match (row.expected, outcome.as_str()) {
        (_, missing) if missing.starts_with("missing") => Ok(outcome),
        (Expected::Works, "done") => Ok(outcome),
        (Expected::Refused, refused) if refused.starts_with("refused") => match attempt(row, true).as_str() {
            "done" => Ok(outcome),
            otherwise => Err(format!("FAILED: without the drop it is {otherwise:?}")),
        },
        _ => Err(format!("FAILED: {outcome:?}")),
    }
}

/// Runs one row in a child of its own.
fn attempt(row: &Row, keep: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::make(folder.path());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(ROW, row.name)
        .env(FOLDER, folder.path())
        .env(KEEP, if keep { "yes" } else { "no" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut line = || lines.next().and_then(Result::ok).unwrap_or_default();
    let mut said = line();
    if said == "ready" {
        (row.meanwhile)(&place);
        writeln!(child.stdin.take().unwrap(), "go on").unwrap();
        said = line();
    }
    finish(child);
    said
}

fn finish(mut child: Child) {
    drop(child.stdin.take());
    child.wait().unwrap();
}

fn child(row: &Row) -> ExitCode {
    let place = Place::at(std::env::var_os(FOLDER).unwrap().as_ref());
    let before = Before::collect();
    if std::env::var(KEEP).is_ok_and(|keep| keep == "no") {
        let _ = portcullis_wall::hide_memory();
        let report = portcullis_wall::drop_rights(&place.needs());
        if let Some(layer) = missing(&report, row.layer) {
            println!("missing on this kernel: {layer}");
            return ExitCode::SUCCESS;
        }
    }
    println!("ready");
    let mut word = String::new();
    std::io::stdin().lock().read_line(&mut word).unwrap();
    assert_eq!(word, "go on\n");
    match (row.attempt)(&place, &before) {
        Ok(()) => println!("done"),
        Err(error) => println!("refused: {error}"),
    }
    ExitCode::SUCCESS
}

/// Why a row cannot be tried here. A layer that this kernel has must hold.
fn missing(report: &Report, layer: &str) -> Option<String> {
    assert!(!report.is_refused(), "{report}");
    let (name, held) = report.layers().into_iter().find(|(name, _)| *name == layer)?;
    (!held.holds()).then(|| format!("{name}: {held}"))
}
