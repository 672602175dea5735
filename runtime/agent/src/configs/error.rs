//! What could not be read. No message has a byte of a text, but where a text is no YAML the parser's word on it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{MAX_FILE_BYTES, MAX_FILES};

/// A configuration that is not resolved. The others are.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The system says no.
    #[error("{}: cannot be read: {error}; it is left out until it can", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A device, a pipe, a folder.
    #[error("{}: is not a regular file, and is left out", .0.display())]
    NoFile(PathBuf),
    /// Too long.
    #[error("{}: is longer than {MAX_FILE_BYTES} bytes, and is left out", .0.display())]
    TooLong(PathBuf),
    /// Too many.
    #[error("{}: has more than {MAX_FILES} configurations; those after {} are left out", folder.display(), last.display())]
    TooMany {
        /// Below which folder.
        folder: PathBuf,
        /// The last that is read.
        last: PathBuf,
    },
    /// A name that cannot be shown.
    #[error("{}: has a name that is not UTF-8, and is left out: rename it", .0.display())]
    Name(PathBuf),
    /// No YAML.
    #[error("{}:{line}: is not YAML: {message}; it is left out, as the agent does", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// YAML, but nothing that runs.
    #[error("{}: has no 'instances', no 'logs' and no 'jmx_metrics'; it is left out, as the agent does", .0.display())]
    Nothing(PathBuf),
}

impl ConfigError {
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Read { path, error }
    }
}
