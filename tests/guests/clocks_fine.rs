//! Looks for the smallest step of the clocks, which is what a timing attack can tell apart.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::bindings::wasi::clocks::{monotonic_clock, wall_clock};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Different readings of each clock.
const STEPS: usize = 10;

fn attack(_: &str) -> String {
    let wall = || {
        let now = wall_clock::now();
        now.seconds * 1_000_000_000 + u64::from(now.nanoseconds)
    };
    let grain = wall_clock::resolution();
    let mut report = Report::new();
    report
        .add("monotonic-resolution", monotonic_clock::resolution().to_string())
        .add("monotonic-grain", grain_of(monotonic_clock::now).to_string())
        .add("wall-resolution", (grain.seconds * 1_000_000_000 + u64::from(grain.nanoseconds)).to_string())
        .add("wall-grain", grain_of(wall).to_string());
    report.finish()
}

/// The largest number that divides every reading: what lies between two of them is at least that.
fn grain_of(now: impl Fn() -> u64) -> u64 {
    let (mut last, mut grain) = (now(), 0);
    for _ in 0..STEPS {
        let next = loop {
            let next = now();
            if next != last {
                break next;
            }
        };
        grain = divisor(grain, next);
        last = next;
    }
    // The readings have their own common divisor by chance; a power of ten is what was meant.
    let mut power = 1;
    while grain % (power * 10) == 0 && power < 1_000_000_000 {
        power *= 10;
    }
    power
}

fn divisor(a: u64, b: u64) -> u64 {
    if a == 0 { b } else { divisor(b % a, a) }
}
