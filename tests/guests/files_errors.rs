//! Reads what the host says of its own errors: no more than the error's name.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{ErrorCode, folder, open};
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::streams::StreamError;

portcullis_hostile_guests::export!(attack);

fn attack(_: &str) -> String {
    let opened = folder().ok_or(ErrorCode::NoEntry).and_then(|folder| open(&folder, "large"));
    let stream = match opened.and_then(|file| file.read_via_stream(u64::MAX)) {
        Ok(stream) => stream,
        Err(code) => return code.name().to_owned(),
    };
    let mut report = Report::new();
    match stream.blocking_read(1) {
        Err(StreamError::LastOperationFailed(error)) => report.add("text", error.to_debug_string()),
        Err(StreamError::Closed) => report.add("text", "closed"),
        Ok(_) => report.add("text", "ok"),
    };
    report.finish()
}
