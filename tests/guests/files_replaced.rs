//! Reads a granted file again and again while the host's test replaces it: what is read is one state of it, whole.
//!
//! The parameter is its name. In each of its states the file is one letter, repeated. The report has every state that was seen, as letter and length, and whatever else came, sorted.

// rows: small, large

#![cfg_attr(target_family = "wasm", no_main)]

use std::collections::BTreeSet;

use portcullis_hostile_guests::files::{folder, read};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Reads at least.
const LEAST: usize = 200;

/// Reads at most, should the file never change.
const MOST: usize = 10_000;

fn attack(name: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut seen = BTreeSet::new();
    for reads in 0..MOST {
        if reads >= LEAST && seen.len() > 1 {
            break;
        }
        seen.insert(match read(&folder, name, usize::MAX) {
            Ok(bytes) => state(&bytes),
            Err(code) => code.name().to_owned(),
        });
    }
    Report::new().add("seen", seen.into_iter().collect::<Vec<_>>().join(",")).finish()
}

fn state(bytes: &[u8]) -> String {
    match bytes.first() {
        None => String::from("empty"),
        Some(letter) if bytes.iter().all(|byte| byte == letter) => {
            format!("{}*{}", char::from(*letter), bytes.len())
        }
        Some(_) => String::from("torn"),
    }
}
