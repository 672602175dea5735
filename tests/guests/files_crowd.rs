//! Lists a folder of more entries than anybody reads, again and again.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{Descriptor, ErrorCode, content, folder};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Listings that are tried.
const LISTINGS: usize = 100;

fn attack(path: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    let (mut entries, mut listed) = (0, 0);
    let mut last = "ok";
    for _ in 0..LISTINGS {
        match list(&folder, path) {
            Ok(count) => (entries, listed) = (entries + count, listed + 1),
            Err(code) => last = code.name(),
        }
    }
    report.add("entries", entries.to_string()).add("listed", listed.to_string()).add("last", last);
    report.add("file", content(&folder, "file")).finish()
}

fn list(folder: &Descriptor, path: &str) -> Result<usize, ErrorCode> {
    let listing = portcullis_hostile_guests::files::open(folder, path)?.read_directory()?;
    let mut count = 0;
    while listing.read_directory_entry()?.is_some() {
        count += 1;
    }
    Ok(count)
}
