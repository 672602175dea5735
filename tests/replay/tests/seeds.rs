//! Every seed and every regression of `fuzz/`, through the function that the fuzzer calls: one test a file.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use portcullis_replay::TARGETS;

const FOLDERS: [&str; 2] = ["seeds", "regressions"];

fn main() -> ExitCode {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut trials = Vec::new();
    for (name, run) in TARGETS {
        let files: Vec<PathBuf> =
            FOLDERS.iter().flat_map(|folder| files(&fuzz.join(folder).join(name))).collect();
        let fuzzer = fuzz.join("fuzz_targets").join(name).with_extension("rs");
        let seeds = files.len();
        trials.push(Trial::test(format!("{name}/is_fuzzed"), move || {
            assert!(fuzzer.is_file() && seeds > 0, "a fuzzer at {} and a seed for it", fuzzer.display());
            Ok(())
        }));
        trials.push(Trial::test(format!("{name}/nothing"), move || {
            run(b"");
            Ok(())
        }));
        for file in files {
            let shown = file.strip_prefix(&fuzz).unwrap_or(&file).display().to_string();
            trials.push(Trial::test(shown, move || {
                run(&fs::read(&file)?);
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The files of a folder, by name; none where there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
