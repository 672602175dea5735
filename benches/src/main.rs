//! Measures Portcullis against its floors, in one run and as ratios: `cargo bench -p portcullis-benches`.
//!
//! * [`batch`]: a batch in a fresh sandbox, against bare wasmtime ([`bare`]) and against a native helper ([`helper`]).
//! * [`process`]: the whole `portcullis exec` process, against the same helper.
//! * [`document`]: finding and replacing the references of a large document.
//! * [`egress`]: requests to a store behind TLS, against the HTTP library alone.
//! * [`secrets`]: what is kept of many configurations, at three sizes.
//! * [`samples`] and [`report`]: from times to a table; [`guest`]: the component that both runtimes run.
//!
//! Who is compared takes turns in short rounds, so that a slow moment of the machine hits all of them. Numbers of
//! two runs, or of two machines, say little; the ratios within one run are the result.

#![forbid(unsafe_code)]

mod bare;
mod batch;
mod document;
mod egress;
mod guest;
mod helper;
mod process;
mod report;
mod samples;
mod secrets;

use clap::Parser;

use report::Report;

#[derive(Parser)]
#[command(
    name = "portcullis-benches",
    about = "Measures Portcullis against bare wasmtime and a native helper"
)]
struct Arguments {
    /// A tenth of the repetitions: seconds instead of a minute, and coarser 99th percentiles
    #[arg(long)]
    quick: bool,
    /// Machine-readable output: one JSON document on standard output
    #[arg(long)]
    json: bool,
    /// Only the groups whose name contains this: batch, process, document, egress, secrets
    #[arg(value_name = "GROUP", default_value = "")]
    group: String,
    /// Set by cargo; without it this only says how to measure
    #[arg(long, hide = true)]
    bench: bool,
    #[cfg(target_os = "linux")]
    #[command(flatten)]
    child: Child,
}

/// Makes this process the one whose instructions are counted.
#[cfg(target_os = "linux")]
#[derive(clap::Args)]
struct Child {
    #[arg(long, hide = true, requires = "origin")]
    count: Option<egress::instructions::Counted>,
    #[arg(long, hide = true, default_value_t = 1)]
    times: usize,
    #[arg(long, hide = true, default_value = "")]
    origin: String,
}

/// How much is measured.
#[derive(Clone, Copy)]
struct Effort {
    divisor: usize,
}

impl Effort {
    /// So many repetitions, or fewer in a quick run.
    fn repeat(self, count: usize) -> usize {
        (count / self.divisor).max(3)
    }
}

type Group = (&'static str, fn(Effort, &mut Report) -> anyhow::Result<()>);

const GROUPS: [Group; 5] = [
    ("batch", batch::measure),
    ("process", process::measure),
    ("document", document::measure),
    ("egress", egress::measure),
    ("secrets", secrets::measure),
];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    #[cfg(target_os = "linux")]
    if let Some(what) = arguments.child.count {
        return egress::instructions::child(what, arguments.child.times, &arguments.child.origin);
    }
    if !arguments.bench {
        println!("nothing measured: run `cargo bench -p portcullis-benches`");
        return Ok(());
    }
    // A warning here (no address space for the instance pool, say) explains a number below.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    let effort = Effort { divisor: if arguments.quick { 10 } else { 1 } };
    let mut report = Report::default();
    for (name, measure) in GROUPS {
        if name.contains(&arguments.group) {
            measure(effort, &mut report)?;
        }
    }
    if arguments.json { report.print_json() } else { report.print_table() }
}
