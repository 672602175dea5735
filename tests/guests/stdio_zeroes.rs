//! Asks the host to make more bytes out of nothing than it has. The parameter says in which way.

// rows: max, gigabyte, blocking, often, overlong

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::bindings::wasi::cli::stderr::get_stderr;
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::streams;

portcullis_hostile_guests::export!(attack);

fn attack(way: &str) -> String {
    let stream = get_stderr();
    let result = match way {
        "max" => stream.write_zeroes(u64::MAX),
        "gigabyte" => stream.write_zeroes(1 << 30),
        "blocking" => stream.blocking_write_zeroes_and_flush(u64::MAX),
        // What it may, often: 64 GiB in all.
        "often" => (0..1 << 20).try_for_each(|_| stream.write_zeroes(64 << 10)),
        // More in one write than was offered.
        _ => stream.write(&vec![b'x'; 4 << 20]),
    };
    Report::new().add(way, streams::outcome(&result)).finish()
}
