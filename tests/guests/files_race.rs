//! Opens one path again and again while the host's test swaps what is there for a link that leads out.
//!
//! The parameter is the path. The report has every different outcome once, sorted.

// rows: link, folder

#![cfg_attr(target_family = "wasm", no_main)]

use std::collections::BTreeSet;

use portcullis_hostile_guests::files::{content, folder};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Opens at least.
const LEAST: usize = 2_000;

/// Opens at most, should one of the two states never be met.
const MOST: usize = 200_000;

fn attack(path: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut seen = BTreeSet::new();
    for opens in 0..MOST {
        if opens >= LEAST && seen.len() > 1 {
            break;
        }
        seen.insert(content(&folder, path));
    }
    Report::new().add("seen", seen.into_iter().collect::<Vec<_>>().join(",")).finish()
}
