//! Asks for more random bytes than there is memory. The parameter says of which kind.

// rows: secure, insecure, megabyte, often

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::bindings::wasi::random::{insecure, insecure_seed, random};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// What the host gives in one step.
const STEP: u64 = 4096;

fn attack(kind: &str) -> String {
    let bytes = match kind {
        "secure" => random::get_random_bytes(u64::MAX).len(),
        "insecure" => insecure::get_insecure_random_bytes(u64::MAX).len(),
        "megabyte" => random::get_random_bytes(1 << 20).len(),
        // What it may, often: 64 MiB in all.
        _ => often(),
    };
    Report::new().add(kind, bytes.to_string()).finish()
}

fn often() -> usize {
    (0..1 << 13)
        .map(|_| {
            insecure_seed::insecure_seed();
            random::get_random_bytes(STEP).len() + insecure::get_insecure_random_bytes(STEP).len()
        })
        .sum()
}
