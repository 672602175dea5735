//! One test for each hostile guest, one after the other: what one leaves behind would be found by the next. And a soak.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use portcullis_walls::{GUESTS, Stage, report, run, soak, under_a_proxy, worker};

/// Calls of the soak that every test run makes. `cargo xtask walls --soak 100000` makes more.
const SOAK: usize = 2_000;

/// The document whose table is made from the rows.
const SECURITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../SECURITY.md");

fn main() -> ExitCode {
    if let Some(code) = worker().or_else(under_a_proxy) {
        return code;
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let stage = match Stage::new() {
        Ok(stage) => Arc::new(stage),
        Err(error) => {
            eprintln!("the stage cannot be set: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials: Vec<Trial> = GUESTS
        .iter()
        .map(|(name, behaviour)| {
            let stage = Arc::clone(&stage);
            Trial::test(*name, move || run(name, &behaviour(), &stage).map(drop).map_err(Into::into))
        })
        .collect();
    trials.push(Trial::test("security_table", || {
        let document = std::fs::read_to_string(SECURITY)?;
        if report::with_table(&document)? == document {
            return Ok(());
        }
        Err("the table of SECURITY.md is out of date: run `cargo xtask walls --update SECURITY.md`".into())
    }));
    trials.push(Trial::test("soak", move || {
        let held = soak::soak(&stage, SOAK, |_| ())?;
        if soak::is_flat(&held) { Ok(()) } else { Err(format!("{held:?}").into()) }
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}
