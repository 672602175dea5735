//! Files and variables of the host that a client needs: certificates, keys, credentials.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use secrecy::SecretString;
use thiserror::Error;
use zeroize::Zeroizing;

/// Reads what the policy names. Whoever embeds the client decides which files are trusted.
pub trait Inputs: Send + Sync {
    /// The content of a file.
    ///
    /// # Errors
    /// Where it cannot be read or is not trusted.
    fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError>;

    /// The files of a folder, sorted by name: certificates of authorities may come as one folder.
    ///
    /// # Errors
    /// Where it cannot be listed.
    fn folder(&self, path: &Path) -> Result<Vec<PathBuf>, InputError> {
        let problem = |error: std::io::Error| InputError::new(path, error.to_string());
        let entries = std::fs::read_dir(path).map_err(problem)?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(problem)?.path();
            if path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// A variable of the host; nothing where it is not set.
    fn variable(&self, name: &str) -> Option<SecretString>;

    /// The time of day: when something expires, and what a signature is dated with.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// What tells two states of a file apart without reading it; nothing where that cannot be told.
    fn stamp(&self, path: &Path) -> Option<Stamp> {
        Stamp::of(path)
    }
}

/// One state of a file: another file, another size or another time of change is another state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    file: (u64, u64),
}

impl Stamp {
    /// The state of the file at `path`, through links.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self { len: metadata.len(), modified: metadata.modified().ok(), file: identity(&metadata) })
    }
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_metadata: &std::fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// The text of a file's content. White space at its ends does not count: editors put a line break there.
pub(crate) fn text_of(path: &Path, content: &[u8]) -> Result<SecretString, InputError> {
    let text = std::str::from_utf8(content).map_err(|_| InputError::new(path, "is not UTF-8"))?.trim();
    if text.is_empty() { Err(InputError::new(path, "is empty")) } else { Ok(text.into()) }
}

/// A file of the host that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {problem}", path.display())]
pub struct InputError {
    /// Which.
    pub path: PathBuf,
    /// What is wrong with it, and what to do. Never a part of its content.
    pub problem: String,
}

impl InputError {
    /// A problem with the file at `path`.
    pub fn new(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Self { path: path.into(), problem: problem.into() }
    }
}
