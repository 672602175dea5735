//! Owner and mode of an open file and of the folders above it.

use std::fs::File;
use std::io;
use std::path::Path;

use portcullis_policy::trust::{FileFacts, FileKind, FolderFacts};

/// Collects the facts. The file's own come from its descriptor, where they cannot change any more.
#[cfg(unix)]
pub(super) fn collect(file: &File, path: &Path) -> io::Result<FileFacts> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = file.metadata()?;
    let mut chain = Vec::new();
    for folder in path.ancestors().skip(1) {
        let metadata = std::fs::symlink_metadata(folder)?;
        chain.push(FolderFacts {
            path: folder.to_owned(),
            owner: metadata.uid(),
            mode: metadata.mode() & 0o7777,
        });
    }
    chain.reverse();
    Ok(FileFacts {
        path: path.to_owned(),
        kind: kind(&metadata),
        owner: metadata.uid(),
        mode: metadata.mode() & 0o7777,
        effective_user: rustix::process::geteuid().as_raw(),
        chain,
    })
}

/// Windows has access control lists in place of modes; they are not read yet, so only the kind is judged.
#[cfg(not(unix))]
pub(super) fn collect(file: &File, path: &Path) -> io::Result<FileFacts> {
    let kind = kind(&file.metadata()?);
    Ok(FileFacts { path: path.to_owned(), kind, owner: 0, mode: 0, effective_user: 0, chain: Vec::new() })
}

fn kind(metadata: &std::fs::Metadata) -> FileKind {
    if metadata.is_file() {
        FileKind::Regular
    } else if metadata.is_dir() {
        FileKind::Directory
    } else {
        FileKind::Other
    }
}
