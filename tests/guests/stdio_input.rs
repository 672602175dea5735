//! Reads the process's standard input, and waits for it.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::bindings::wasi::cli::stdin::get_stdin;
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::streams;

portcullis_hostile_guests::export!(attack);

fn attack(_: &str) -> String {
    let input = get_stdin();
    input.subscribe().block();
    let (bytes, end) = streams::drain(|| streams::read(&input, u64::MAX));
    Report::new()
        .add("bytes", bytes.to_string())
        .add("end", streams::outcome::<()>(&Err(end)))
        .add("skip", streams::outcome(&input.blocking_skip(u64::MAX)))
        .finish()
}
