//! Reads by every path that could lead out of the granted folder, and by some that stay in it.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{content, folder};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Paths in the folder that the host's test makes. The last rows are harmless: they must work.
const PATHS: &[&str] = &[
    "..",
    "../outside/secret",
    "sub/../../outside/secret",
    "./sub/.././../outside/secret",
    "/etc/passwd",
    "//etc/passwd",
    "/",
    "leaves",
    "leaves-absolute",
    "leaves-by-chain",
    "leaves-by-folder/secret",
    "leaves-by-folder/../outside/secret",
    "proc/self/environ",
    "loop",
    "dangling",
    "file/..",
    "file/../file",
    "file/",
    "",
    ".",
    "file\0",
    "\u{ff0e}\u{ff0e}/outside/secret",
    "..\\outside\\secret",
    "file",
    "./sub/../file",
    "password",
    "..data/password",
];

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    for path in PATHS {
        report.add(path, content(&folder, path));
    }
    // A path longer than any system takes, and one of more parts than anybody has patience for.
    report.add("long", content(&folder, &"x".repeat(1 << 20)));
    report.add("deep", content(&folder, &"sub/../".repeat(100_000)));
    report.finish()
}
