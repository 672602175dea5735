//! Looks harmless: reads one file, whose name is the parameter, in whatever folder it was granted.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{content, granted};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

fn attack(name: &str) -> String {
    let mut report = Report::new();
    for (folder, path) in granted() {
        report.add(&format!("{path}/{name}"), content(&folder, name));
    }
    match report.finish() {
        nothing if nothing.is_empty() => String::from("nothing is granted"),
        read => read,
    }
}
