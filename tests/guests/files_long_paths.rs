//! Names what is not there by paths of a megabyte, each another one: what the host keeps of each adds up.

#![cfg_attr(target_family = "wasm", no_main)]

use std::collections::BTreeSet;

use portcullis_hostile_guests::files::{PathFlags, folder, open, outcome};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const PATHS: usize = 200;

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let (mut long, mut short) = (BTreeSet::new(), BTreeSet::new());
    for number in 0..PATHS {
        let path = format!("../{number}/{}", "x".repeat(1 << 20));
        long.insert(outcome(open(&folder, &path)));
        long.insert(outcome(folder.stat_at(PathFlags::empty(), &path)));
        long.insert(outcome(folder.symlink_at(&path, &path)));
        // As long as a path may be, and refused for another reason.
        short.insert(outcome(open(&folder, path.get(..4000).unwrap_or_default())));
    }
    let words = |set: BTreeSet<&str>| set.into_iter().collect::<Vec<_>>().join(",");
    Report::new().add("long", words(long)).add("short", words(short)).finish()
}
