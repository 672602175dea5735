//! Reads a granted file, goes on until a file `gate` is beside it, and reads it again.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use portcullis_guest::log;
use portcullis_hostile_guests::files::{content, folder, open};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Between two looks at the gate, in nanoseconds: 10 ms.
const PAUSE: u64 = 10_000_000;

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    report.add("before", content(&folder, "file"));
    log::line("in flight");
    while open(&folder, "gate").is_err() {
        subscribe_duration(PAUSE).block();
    }
    report.add("after", content(&folder, "file")).finish()
}
