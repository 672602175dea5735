//! Reads a file that is larger than any memory to its end, in the way that the parameter names.

// rows: read, stream, skip

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{Descriptor, ErrorCode, folder, open, stream_outcome};
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::streams;

portcullis_hostile_guests::export!(attack);

fn attack(way: &str) -> String {
    let opened = folder().ok_or(ErrorCode::NoEntry).and_then(|folder| open(&folder, "endless"));
    let (bytes, end) = match opened {
        Ok(file) if way == "read" => read(&file),
        Ok(file) => stream(&file, way),
        Err(code) => (0, code.name()),
    };
    Report::new().add("bytes", bytes.to_string()).add("end", end).finish()
}

fn read(file: &Descriptor) -> (u64, &'static str) {
    let mut offset = 0;
    loop {
        match file.read(u64::MAX, offset) {
            Ok((chunk, end)) if end || chunk.is_empty() => return (offset, "end"),
            Ok((chunk, _)) => offset += chunk.len() as u64,
            Err(code) => return (offset, code.name()),
        }
    }
}

fn stream(file: &Descriptor, way: &str) -> (u64, &'static str) {
    let stream = match file.read_via_stream(0) {
        Ok(stream) => stream,
        Err(code) => return (0, code.name()),
    };
    let step =
        || if way == "skip" { stream.blocking_skip(u64::MAX) } else { streams::read(&stream, u64::MAX) };
    let (bytes, error) = streams::drain(step);
    (bytes, stream_outcome::<()>(Err(error)))
}
