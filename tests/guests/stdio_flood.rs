//! Writes more to both streams than any log wants. The parameter says what: see [`piece`].

// rows: one_line, lines, empty_lines, escapes

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::bindings::wasi::cli::stderr::get_stderr;
use portcullis_hostile_guests::bindings::wasi::cli::stdout::get_stdout;
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::streams;

portcullis_hostile_guests::export!(attack);

/// Bytes in all, half of them to each stream.
const BYTES: usize = 64 << 20;

fn attack(what: &str) -> String {
    let streams = [get_stdout(), get_stderr()];
    let piece = piece(what);
    let mut written = 0;
    while written < BYTES {
        for stream in &streams {
            // Without flushing: what the host takes in one step is up to it.
            let result = match stream.check_write() {
                Ok(0) => stream.blocking_flush(),
                Ok(room) => {
                    let room = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
                    written += room;
                    stream.write(piece.get(..room).unwrap_or_default())
                }
                Err(error) => Err(error),
            };
            if result.is_err() {
                return Report::new().add("refused", streams::outcome(&result)).finish();
            }
        }
    }
    Report::new().add("written", written.to_string()).finish()
}

/// A line that never ends, lines, empty lines, or bytes that grow when they are escaped.
fn piece(what: &str) -> Vec<u8> {
    match what {
        "lines" => "a line of a flood of many lines\n".repeat(2048).into_bytes(),
        "empty-lines" => vec![b'\n'; 64 << 10],
        "escapes" => vec![0x1b; 64 << 10],
        _ => vec![b'x'; 64 << 10],
    }
}
