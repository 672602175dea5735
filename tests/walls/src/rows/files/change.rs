//! Rows 60 and 61: names and contents that may not be changed.

use std::path::Path;

use super::{READ, SECRET, WRITE, scene};
use crate::{Behaviour, Observed};

/// Below `outside`, everything is as the scene made it.
fn outside_is_untouched(observed: &Observed) -> Result<(), String> {
    let outside = observed.scene.join("outside");
    expect_names(&outside, &["empty", "secret"])?;
    expect_content(&outside.join("secret"), SECRET)
}

fn expect_names(folder: &Path, expected: &[&str]) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    if names == expected { Ok(()) } else { Err(format!("{} holds {names:?}", folder.display())) }
}

fn expect_content(file: &Path, expected: &str) -> Result<(), String> {
    let found = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    if found == expected { Ok(()) } else { Err(format!("{} holds '{found}'", file.display())) }
}

/// Below `inside`, everything is as the scene made it.
fn inside_is_untouched(observed: &Observed) -> Result<(), String> {
    let inside = observed.scene.join("inside");
    for (file, content) in [("file", "inside"), ("spare", "spare"), ("sub/deep", "deep")] {
        expect_content(&inside.join(file), content)?;
    }
    expect_names(&inside.join("sub"), &["deep"])?;
    expect_names(
        &inside,
        &[
            "..2024",
            "..data",
            "chain",
            "dangles-out",
            "dangling",
            "empty",
            "empty2",
            "file",
            "leaves",
            "leaves-absolute",
            "leaves-by-chain",
            "leaves-by-folder",
            "loop",
            "password",
            "proc",
            "sibling",
            "spare",
            "sub",
        ],
    )
}

pub(crate) fn mutate_read_only() -> Behaviour {
    Behaviour::new(
        60,
        "hard links, symbolic links, renames, new and removed names on a read-only mount",
        "`read-only` or `not-permitted` for each, and nothing is changed",
    )
    .grants(READ)
    .scene(scene::tree)
    .ends(|observed| {
        inside_is_untouched(observed)?;
        outside_is_untouched(observed)?;
        observed.answers("?")
    })
}

pub(crate) fn mutate_writable() -> Behaviour {
    Behaviour::new(
        60,
        "the same on a writable mount, into it and out of it",
        "names change inside the grant alone; links of both kinds are refused",
    )
    .grants(WRITE)
    .scene(scene::tree)
    .ends(|observed| {
        outside_is_untouched(observed)?;
        observed.answers("?")
    })
}

pub(crate) fn write_read_only() -> Behaviour {
    Behaviour::new(
        61,
        "truncate, resize, date and write to files of a read-only mount",
        "`read-only` or `not-permitted` for each, and nothing is changed",
    )
    .grants(READ)
    .scene(scene::tree)
    .ends(|observed| {
        inside_is_untouched(observed)?;
        outside_is_untouched(observed)?;
        observed.answers("?")
    })
}

pub(crate) fn write_writable() -> Behaviour {
    Behaviour::new(
        61,
        "fill the disk through a writable mount: huge files, far offsets, a flood of bytes, a flood of files",
        "`quota` at `limits.file_bytes` and `limits.entries`; dates stay refused",
    )
    .limits("file_bytes: 4MiB, entries: 100")
    .grants(WRITE)
    .scene(scene::tree)
    .ends(|observed| {
        outside_is_untouched(observed)?;
        observed.answers("?")?;
        let length = std::fs::metadata(observed.scene.join("inside/file")).map(|file| file.len());
        match length {
            Ok(length) if length <= 4 << 20 => Ok(()),
            other => Err(format!("the file has a length of {other:?}")),
        }
    })
}
