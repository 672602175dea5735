//! Reads a file that is larger than any memory to its end, in the way that the parameter names.

// rows: read, stream, skip

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{Descriptor, ErrorCode, drain, folder, open, stream_outcome};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

fn attack(way: &str) -> String {
    let opened = folder().ok_or(ErrorCode::NoEntry).and_then(|folder| open(&folder, "endless"));
    let file = match opened {
        Ok(file) => file,
        Err(code) => return code.name().to_owned(),
    };
    let (bytes, end) = match way {
        "read" => read(&file),
        "stream" => with_stream(&file, |stream| drain(stream, u64::MAX)),
        "skip" => with_stream(&file, skip),
        _ => (0, "no such way"),
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

type Stream = portcullis_hostile_guests::files::InputStream;

fn with_stream(file: &Descriptor, drain: impl Fn(&Stream) -> (u64, &'static str)) -> (u64, &'static str) {
    match file.read_via_stream(0) {
        Ok(stream) => drain(&stream),
        Err(code) => (0, code.name()),
    }
}

fn skip(stream: &Stream) -> (u64, &'static str) {
    let mut bytes = 0;
    loop {
        match stream.blocking_skip(u64::MAX) {
            Ok(skipped) => bytes += skipped,
            Err(error) => return (bytes, stream_outcome::<()>(Err(error))),
        }
    }
}
