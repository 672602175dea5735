//! Reads the kernel's own files through a grant that holds them: they look regular, and are memory, settings and other
//! processes.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{content, folder};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Below the mount as a folder, and by its name, should it be shown as a file.
const NAMES: &[&str] = &["self/mem", "self/environ", "self/maps", "version", ".", "in", "in/self/environ"];

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    for name in NAMES {
        report.add(name, content(&folder, name));
    }
    if let Ok(entries) = folder.read_directory() {
        while let Ok(Some(entry)) = entries.read_directory_entry() {
            report.add("listed", entry.name);
        }
    }
    report.finish()
}
