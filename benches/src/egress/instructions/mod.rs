//! Instructions of one request, counted: a child is stepped through its requests one instruction after the other. That needs
//! no counters of the processor, which virtual machines seldom have, and is the same in every run.
//!
//! What the kernel does is not counted, nor what other threads do: on a current-thread runtime there are none on the way of a
//! request over an open connection.

mod child;
mod tracer;

use std::time::Duration;

use clap::ValueEnum;

use super::GROUP;
use super::store::Store;
use crate::Effort;
use crate::report::Report;

pub(crate) use child::main as child;

/// Requests that are stepped through: a hundred thousand instructions each, and a million steps take seconds.
const REQUESTS: usize = 10;

/// What the child is stepped through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Counted {
    /// What counting itself takes.
    Nothing,
    /// Read and decided.
    Decide,
    /// A whole request.
    Ours,
    /// The same by the library alone.
    Bare,
}

pub(super) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    let store = Store::open(Duration::ZERO)?;
    let times = effort.repeat(REQUESTS);
    let count = |what| tracer::count(what, times, &store);
    let nothing = count(Counted::Nothing)?;
    let [decide, ours, bare] = [Counted::Decide, Counted::Ours, Counted::Bare]
        .map(|what| count(what).map(|steps| steps.saturating_sub(nothing) / times as u64));
    let (decide, ours, bare) = (decide?, ours?, bare?);
    report.count(GROUP, "a request: read, decided, credentialed, scrubbed", times, ours);
    report.count(GROUP, "a request: the same client library alone", times, bare);
    report.count(GROUP, "a request read and decided", times, decide);
    report.ratio(GROUP, "instructions of our request over the library's", ours as f64 / bare as f64, None);
    Ok(())
}
