//! Rendered files: where, with which mode, and what becomes of them.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod files;
mod names;
mod place;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use portcullis_agent::render::{RelativeName, Renderer};
use tempfile::TempDir;

/// Where this machine has memory as files.
const SHARED_MEMORY: &str = "/dev/shm";

/// A folder that can be rendered into; `None`, with a line that says so, where there is no memory file system.
fn memory() -> Option<TempDir> {
    let folder = tempfile::tempdir_in(SHARED_MEMORY).ok()?;
    match Renderer::open(folder.path()) {
        Ok(_) => Some(folder),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

fn name(text: &str) -> RelativeName {
    RelativeName::new(text).unwrap()
}

fn names<const N: usize>(texts: [&str; N]) -> BTreeSet<RelativeName> {
    texts.into_iter().map(name).collect()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

/// All that is in a folder but the list.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            if path != folder.join("files.portcullis") {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}
