//! Reads with lengths and offsets that no file has.

// rows: small, large

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{Descriptor, folder, open, stream_outcome};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const NUMBERS: &[(&str, u64)] = &[
    ("0", 0),
    ("2^31", 1 << 31),
    ("2^32", 1 << 32),
    ("2^63-1", (1 << 63) - 1),
    ("2^63", 1 << 63),
    ("2^64-1", u64::MAX),
];

/// The parameter is the file's name.
fn attack(name: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let file = match open(&folder, name) {
        Ok(file) => file,
        Err(code) => return code.name().to_owned(),
    };
    let mut report = Report::new();
    for (text, number) in NUMBERS {
        report
            .add(&format!("length {text}"), read(&file, *number, 0))
            .add(&format!("offset {text}"), read(&file, 1, *number))
            .add(&format!("both {text}"), read(&file, *number, *number))
            .add(&format!("stream {text}"), stream(&file, *number))
            .add(&format!("advise {text}"), advise(&file, *number));
    }
    report.finish()
}

fn read(file: &Descriptor, length: u64, offset: u64) -> String {
    match file.read(length, offset) {
        Ok((bytes, end)) => format!("{}{}", bytes.len(), if end { " end" } else { "" }),
        Err(code) => code.name().to_owned(),
    }
}

fn stream(file: &Descriptor, offset: u64) -> String {
    match file.read_via_stream(offset) {
        Ok(stream) => match stream.blocking_read(u64::MAX) {
            Ok(bytes) => bytes.len().to_string(),
            Err(error) => stream_outcome::<()>(Err(error)).to_owned(),
        },
        Err(code) => code.name().to_owned(),
    }
}

fn advise(file: &Descriptor, number: u64) -> &'static str {
    use portcullis_guest::bindings::wasi::filesystem::types::Advice;
    portcullis_hostile_guests::files::outcome(file.advise(number, number, Advice::WillNeed))
}
