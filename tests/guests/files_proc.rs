//! Reads the kernel's own files through a grant that holds them: they look regular, and are memory, settings and other
//! processes.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{content, folder, open, outcome};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const NAMES: &[&str] = &[
    "self/mem",
    "self/environ",
    "self/maps",
    "self/fd/0",
    "self/root/etc/passwd",
    "self/cwd",
    "version",
    "kmsg",
];

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    for name in NAMES {
        report.add(name, content(&folder, name));
    }
    let listed = folder.read_directory().and_then(|entries| entries.read_directory_entry());
    report.add(
        "list",
        listed.map_or_else(|code| code.name(), |entry| if entry.is_some() { "some" } else { "none" }),
    );
    report.add("open-self", outcome(open(&folder, "self"))).finish()
}
