//! What was measured, as a table for people or as JSON for programs.

use std::time::Duration;

use serde::Serialize;

use crate::samples::Summary;

/// Everything that one run measured.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    rows: Vec<Row>,
    counts: Vec<Count>,
    memory: Vec<Memory>,
    ratios: Vec<Ratio>,
}

#[derive(Serialize)]
struct Row {
    group: &'static str,
    name: String,
    runs: usize,
    median_ns: u64,
    p99_ns: u64,
    /// Throughput by the median, where a text is read.
    megabytes_per_second: Option<f64>,
}

/// Instructions of one run, as a mean of several.
#[derive(Serialize)]
struct Count {
    group: &'static str,
    name: String,
    runs: usize,
    instructions: u64,
}

/// Memory that one thing took, in KiB.
#[derive(Serialize)]
struct Memory {
    group: &'static str,
    name: String,
    kib: u64,
}

#[derive(Serialize)]
struct Ratio {
    group: &'static str,
    name: String,
    ratio: f64,
    goal: Option<Goal>,
    met: Option<bool>,
}

/// What a ratio should be.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn is_met(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(least) => ratio >= least,
            Self::AtMost(most) => ratio <= most,
        }
    }
}

impl Report {
    pub(crate) fn time(&mut self, group: &'static str, name: impl Into<String>, summary: &Summary) {
        self.row(group, name.into(), summary, None);
    }

    /// The time that a text of `bytes` took, and what throughput that is (a megabyte has 10⁶ bytes).
    pub(crate) fn throughput(
        &mut self,
        group: &'static str,
        name: impl Into<String>,
        summary: &Summary,
        bytes: u32,
    ) {
        let rate = f64::from(bytes) / 1e6 / summary.median.as_secs_f64();
        self.row(group, name.into(), summary, Some(rate));
    }

    pub(crate) fn count(&mut self, group: &'static str, name: &str, runs: usize, instructions: u64) {
        self.counts.push(Count { group, name: name.to_owned(), runs, instructions });
    }

    pub(crate) fn memory(&mut self, group: &'static str, name: &str, kib: u64) {
        self.memory.push(Memory { group, name: name.to_owned(), kib });
    }

    fn row(&mut self, group: &'static str, name: String, summary: &Summary, rate: Option<f64>) {
        self.rows.push(Row {
            group,
            name,
            runs: summary.runs,
            median_ns: nanos(summary.median),
            p99_ns: nanos(summary.p99),
            megabytes_per_second: rate,
        });
    }

    pub(crate) fn ratio(
        &mut self,
        group: &'static str,
        name: impl Into<String>,
        ratio: f64,
        goal: impl Into<Option<Goal>>,
    ) {
        let goal = goal.into();
        let met = goal.map(|goal| goal.is_met(ratio));
        self.ratios.push(Ratio { group, name: name.into(), ratio, goal, met });
    }

    pub(crate) fn print_json(&self) -> anyhow::Result<()> {
        println!("{}", serde_json::to_string_pretty(self)?);
        Ok(())
    }

    pub(crate) fn print_table(&self) -> anyhow::Result<()> {
        println!("{:<9} {:<58} {:>6} {:>11} {:>11} {:>9}", "group", "what", "runs", "median", "p99", "MB/s");
        for row in &self.rows {
            let rate = row.megabytes_per_second.map(|rate| format!("{rate:.0}")).unwrap_or_default();
            println!(
                "{:<9} {:<58} {:>6} {:>11} {:>11} {rate:>9}",
                row.group,
                row.name,
                row.runs,
                time(row.median_ns),
                time(row.p99_ns)
            );
        }
        for Count { group, name, runs, instructions } in &self.counts {
            println!("{group:<9} {name:<58} {runs:>6} {instructions:>11} instructions");
        }
        for Memory { group, name, kib } in &self.memory {
            println!("{group:<9} {name:<58} {:>6} {:>11} MiB", "", kib / 1024);
        }
        println!("\n{:<9} {:<58} {:>8}  goal", "group", "ratio, median of rounds", "ratio");
        for ratio in &self.ratios {
            let goal = match (ratio.goal, ratio.met) {
                (Some(goal), Some(met)) => {
                    let (bound, value) = match goal {
                        Goal::AtLeast(least) => ("≥", least),
                        Goal::AtMost(most) => ("≤", most),
                    };
                    format!("{bound} {value}  {}", if met { "PASS" } else { "MISS" })
                }
                _ => String::new(),
            };
            println!("{:<9} {:<58} {:>8.2}  {goal}", ratio.group, ratio.name, ratio.ratio);
        }
        Ok(())
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn time(nanos: u64) -> String {
    let duration = Duration::from_nanos(nanos);
    match nanos {
        0..10_000_000 => format!("{:.1} µs", duration.as_secs_f64() * 1e6),
        _ => format!("{:.2} ms", duration.as_secs_f64() * 1e3),
    }
}
