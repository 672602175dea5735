//! Opens files, folders, listings and streams until it is refused, and never lets go of one.

#![cfg_attr(target_family = "wasm", no_main)]

use std::mem::forget;

use portcullis_hostile_guests::files::{Descriptor, ErrorCode, folder, open};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Each kind is tried so often.
const TRIES: usize = 60;

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    report
        .add("small-streams", hoard(|| stream(&folder, "file")))
        .add("listings", hoard(|| folder.read_directory().map(forget)))
        .add("folders", hoard(|| open(&folder, "sub").map(forget)))
        .add("files", hoard(|| open(&folder, "large").map(forget)))
        .add("streams", hoard(|| stream(&folder, "large")));
    forget(folder);
    report.finish()
}

/// How many there were, and why there were no more.
fn hoard(mut open: impl FnMut() -> Result<(), ErrorCode>) -> String {
    for opened in 0..TRIES {
        if let Err(code) = open() {
            return format!("{opened} {}", code.name());
        }
    }
    format!("{TRIES} ok")
}

/// A stream with its pollable, whose file is let go: the stream holds it.
fn stream(folder: &Descriptor, name: &str) -> Result<(), ErrorCode> {
    let file = open(folder, name)?;
    let stream = file.read_via_stream(0)?;
    forget(stream.subscribe());
    forget((stream, file));
    Ok(())
}
