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

/// What came of each attempt of `files_mutate_read_only`.
const MUTATE_READ_ONLY: &str = "\
     hard-link=not-permitted;hard-link-out=not-permitted;hard-link-in=not-permitted;\
     symlink=not-permitted;symlink-out=not-permitted;symlink-absolute=not-permitted;rename-out=read-only;\
     rename-in=read-only;rename-absolute=read-only;rename-slash=read-only;rename-over-link=read-only;\
     create=read-only;create-slash=read-only;create-out=read-only;create-by-link=read-only;\
     create-by-dangling=read-only;folder=read-only;folder-out=read-only;folder-by-link=read-only;\
     remove-folder=read-only;remove-folder-slash=read-only;remove-folder-out=read-only;\
     remove-dot=read-only;remove=read-only;remove-slash=read-only;remove-out=read-only;\
     remove-by-link=read-only;rename=read-only;in-file=not-directory;up-from-below=read-only;\
     below=read-only;moved=no-entry;file='inside'";

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
        observed.answers(MUTATE_READ_ONLY)
    })
}

/// What came of each attempt of `files_mutate_writable`.
const MUTATE_WRITABLE: &str = "\
     hard-link=not-permitted;hard-link-out=not-permitted;hard-link-in=not-permitted;\
     symlink=not-permitted;symlink-out=not-permitted;symlink-absolute=not-permitted;\
     rename-out=not-permitted;rename-in=not-permitted;rename-absolute=not-permitted;\
     rename-slash=not-directory;rename-over-link=not-permitted;create=ok;create-slash=is-directory;\
     create-out=not-permitted;create-by-link=not-permitted;create-by-dangling=not-permitted;folder=ok;\
     folder-out=not-permitted;folder-by-link=not-permitted;remove-folder=ok;remove-folder-slash=invalid;\
     remove-folder-out=not-permitted;remove-dot=invalid;remove=ok;remove-slash=not-directory;\
     remove-out=not-permitted;remove-by-link=not-permitted;rename=ok;in-file=not-directory;\
     up-from-below=not-permitted;below=ok;moved='inside';file=no-entry";

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
        observed.answers(MUTATE_WRITABLE)
    })
}

/// What came of each attempt of `files_write_read_only`.
const WRITE_READ_ONLY: &str = "\
     truncate=read-only;truncate-only=read-only;exclusive=read-only;mutate-flag=ok;\
     times-at=not-permitted;times-at-out=not-permitted;flags=DescriptorFlags(READ);\
     reader-set-size=not-permitted;reader-set-size-max=not-permitted;reader-times=not-permitted;\
     reader-write=not-permitted;reader-stream=not-permitted;reader-append=not-permitted;\
     reader-sync=not-permitted;reader-sync-data=not-permitted;folder-sync=read-only;file='inside';\
     open-write=read-only";

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
        observed.answers(WRITE_READ_ONLY)
    })
}

/// What came of each attempt of `files_write_writable`.
const WRITE_WRITABLE: &str = "\
     truncate=invalid;truncate-only=invalid;exclusive=exist;mutate-flag=ok;times-at=not-permitted;\
     times-at-out=not-permitted;flags=DescriptorFlags(READ);reader-set-size=not-permitted;\
     reader-set-size-max=not-permitted;reader-times=not-permitted;reader-write=not-permitted;\
     reader-stream=not-permitted;reader-append=not-permitted;reader-sync=not-permitted;\
     reader-sync-data=not-permitted;folder-sync=ok;file='inside';open-write=ok;write=ok;\
     times=not-permitted;set-size-max=quota;set-size-huge=quota;write-max=quota;write-far=quota;\
     stream-far=quota;stream-max=quota;sync=ok;flood=quota;files=quota";

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
        observed.answers(WRITE_WRITABLE)?;
        let length = std::fs::metadata(observed.scene.join("inside/file")).map(|file| file.len());
        match length {
            Ok(length) if length <= 4 << 20 => Ok(()),
            other => Err(format!("the file has a length of {other:?}")),
        }
    })
}
