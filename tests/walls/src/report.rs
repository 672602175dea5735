//! What every guest came to, as a table for people, for programs, and for SECURITY.md.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Behaviour, Contained, GUESTS};

/// How many times as long the neighbour's slow calls may take beside a hostile guest.
const GOAL: f64 = 2.0;

/// One line of the table.
pub struct Line {
    /// The guest.
    pub name: &'static str,
    /// Its row.
    pub behaviour: Behaviour,
    /// What became of it.
    pub result: Result<Contained, String>,
}

/// Heading of the table for people.
#[must_use]
pub fn heading() -> String {
    format!(
        "{:>3}  {:<28} {:>10} {:>10} {:>10} {:>10}  {}",
        "row", "guest", "time", "host mem", "p99", "p99 alone", "outcome"
    )
}

impl Line {
    /// The line for people.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { name, behaviour, result } = self;
        match result {
            Ok(contained) => {
                let p99 = contained.neighbour.map_or_else(|| "-".to_owned(), |latency| time(latency.p99));
                format!(
                    "{:>3}  {name:<28} {:>10} {:>6} KiB {p99:>10} {:>10}  {}",
                    behaviour.row,
                    time(contained.cost.time),
                    contained.cost.memory >> 10,
                    time(contained.alone.p99),
                    behaviour.outcome,
                )
            }
            Err(error) => format!("{:>3}  {name:<28} NOT CONTAINED: {error}", behaviour.row),
        }
    }

    /// The line for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let Self { name, behaviour, result } = self;
        let contained = result.as_ref().ok();
        json!({
            "row": behaviour.row,
            "guest": name,
            "attack": behaviour.attack,
            "outcome": behaviour.outcome,
            "contained": result.is_ok(),
            "error": result.as_ref().err(),
            "time_us": contained.map(|c| micros(c.cost.time)),
            "host_memory_bytes": contained.map(|c| c.cost.memory),
            "neighbour_p99_us": contained.and_then(|c| c.neighbour).map(|latency| micros(latency.p99)),
            "neighbour_p99_alone_us": contained.map(|c| micros(c.alone.p99)),
        })
    }
}

/// What the neighbour's times mean, beside its time alone.
#[must_use]
pub fn summary(lines: &[Line]) -> String {
    let contained = lines.iter().filter(|line| line.result.is_ok()).count();
    let mut slower: Vec<(f64, &str)> = lines
        .iter()
        .filter_map(|line| {
            let contained = line.result.as_ref().ok()?;
            let p99 = contained.neighbour?.p99;
            Some((p99.as_secs_f64() / contained.alone.p99.as_secs_f64().max(f64::MIN_POSITIVE), line.name))
        })
        .collect();
    slower.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let mut text = format!("{contained} of {} contained", lines.len());
    if let (Some((median, _)), Some((worst, name))) = (slower.get(slower.len() / 2), slower.last()) {
        let _ = write!(
            text,
            "; the neighbour's p99 against its p99 alone: {median:.1}x (median), within {GOAL}x beside {} of {} guests, \
             at worst {worst:.1}x (beside {name})",
            slower.iter().filter(|(ratio, _)| *ratio <= GOAL).count(),
            slower.len(),
        );
    }
    text
}

/// The table of SECURITY.md: every guest, what it tries, and how it ends.
#[must_use]
pub fn markdown() -> String {
    let mut rows: Vec<(u8, &str, Behaviour)> = GUESTS
        .iter()
        .map(|(name, behaviour)| {
            let behaviour = behaviour();
            (behaviour.row, *name, behaviour)
        })
        .collect();
    rows.sort_by_key(|(row, name, _)| (*row, *name));
    let mut table = String::from("| Row | A guest tries | It ends | Test |\n|---|---|---|---|\n");
    for (row, name, behaviour) in rows {
        let _ = writeln!(table, "| {row} | {} | {} | `{name}` |", behaviour.attack, behaviour.outcome);
    }
    table
}

/// Lines around the table in a document.
const BEGIN: &str = "<!-- hostile guests: begin -->\n";
const END: &str = "<!-- hostile guests: end -->\n";

/// A document with its table brought up to date.
///
/// # Errors
///
/// Where the document lacks the two lines between which the table stands.
pub fn with_table(document: &str) -> Result<String, String> {
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else {
        return Err(format!("it lacks the lines `{}` and `{}`", BEGIN.trim_end(), END.trim_end()));
    };
    Ok(format!("{before}{BEGIN}{}{END}{after}", markdown()))
}

fn time(time: Duration) -> String {
    match micros(time) {
        micros if micros < 10_000 => format!("{micros} µs"),
        micros => format!("{} ms", micros / 1000),
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
