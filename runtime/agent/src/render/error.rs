//! What goes wrong with rendered files. No message has a byte of a text.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A folder that cannot be rendered into, or a file that is not as it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The folder.
    #[error("{}: cannot be opened as a folder for resolved files: {error}; its parent must exist, and it must not be a link", path.display())]
    Open {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A disk.
    #[error(
        "{}: is on {found}, and resolved files are written only to a memory file system (tmpfs or ramfs): \
         make it one with 'mount -t tmpfs -o size=16m,mode=0700,uid={user} tmpfs {}' (from Linux 6.4 on also with 'noswap'), \
         or name a folder on one that is there",
        path.display(), path.display()
    )]
    NotMemory {
        /// The folder.
        path: PathBuf,
        /// On what it is.
        found: String,
        /// Whose it should be.
        user: u32,
    },
    /// Not a folder of ours alone.
    #[error("{}: has mode {mode:04o}, or another owner; it must be this user's, and not writable by others: chown and chmod 0700", path.display())]
    Shared {
        /// The folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Another process.
    #[error("{}: another process writes resolved files there: stop it first, or name another folder with --out", .0.display())]
    Taken(PathBuf),
    /// A list that we did not write.
    #[error("{}: line {line} is not the name of a file that was written there: remove this list, and the files that nobody needs any more", path.display())]
    Marker {
        /// The list.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// One file.
    #[error("could not {step} {}: {error}; check what lies there, and the space of its file system", path.display())]
    File {
        /// `write`, `remove`, …
        step: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// A name that no file may have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name:?} cannot name a resolved file: {problem}")]
pub struct NameError {
    /// The name.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
}
