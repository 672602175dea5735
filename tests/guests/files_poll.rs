//! Asks a file's stream whether it is ready, and lets go of the answer, as often as the host lets it: each question begins a
//! read.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{ErrorCode, folder, open, stream_outcome};
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::streams;

portcullis_hostile_guests::export!(attack);

const QUESTIONS: usize = 100_000;

fn attack(_: &str) -> String {
    let opened = folder().ok_or(ErrorCode::NoEntry).and_then(|folder| open(&folder, "large"));
    let stream = match opened.and_then(|file| file.read_via_stream(0)) {
        Ok(stream) => stream,
        Err(code) => return code.name().to_owned(),
    };
    for _ in 0..QUESTIONS {
        stream.subscribe().ready();
    }
    // Whatever was begun and dropped, the stream must still be whole.
    let (bytes, end) = streams::drain(|| streams::read(&stream, 4096));
    let end = stream_outcome::<()>(Err(end));
    Report::new().add("bytes", bytes.to_string()).add("end", end).finish()
}
