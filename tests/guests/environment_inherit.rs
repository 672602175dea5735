//! Reads the process's environment, arguments and folder.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::bindings::wasi::cli::environment;
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

fn attack(_: &str) -> String {
    let mut report = Report::new();
    for (name, value) in environment::get_environment() {
        report.add(&name, value);
    }
    report
        .add("arguments", environment::get_arguments().join(","))
        .add("folder", environment::initial_cwd().unwrap_or_else(|| String::from("none")))
        .finish()
}
