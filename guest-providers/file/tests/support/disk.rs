//! The machine's own files, with one rule of the sandbox: a link may not leave the granted folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

use portcullis_guest::files::{Files, Kind, OsError, PathError, Stat};

/// A disk of which one folder is granted.
pub(crate) struct Disk {
    granted: Option<PathBuf>,
}

impl Disk {
    /// Grants a folder; one that does not exist grants nothing and hides nothing.
    pub(crate) fn granting(folder: &Path) -> Self {
        Self { granted: fs::canonicalize(folder).ok() }
    }

    fn check(&self, path: &str) -> Result<(), OsError> {
        let real = fs::canonicalize(path).map_err(|error| cause(&error))?;
        let inside = self.granted.as_ref().is_none_or(|granted| real.starts_with(granted));
        if inside { Ok(()) } else { Err(OsError::NotPermitted) }
    }
}

impl Files for Disk {
    fn stat(&self, path: &str) -> Result<Stat, PathError> {
        let stat = self.check(path).and_then(|()| fs::metadata(path).map_err(|error| cause(&error)));
        let stat = stat.map_err(|cause| PathError::new("stat", path, cause))?;
        let kind = match () {
            () if stat.is_file() => Kind::File,
            () if stat.is_dir() => Kind::Folder,
            () => Kind::Special,
        };
        Ok(Stat { kind, size: stat.len() })
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, PathError> {
        self.check(path).map_err(|cause| PathError::new("open", path, cause))?;
        let bytes = fs::read(path).map_err(|error| PathError::new("read", path, cause(&error)))?;
        if bytes.len() as u64 > limit {
            return Err(PathError::new("read", path, OsError::FileTooLarge));
        }
        Ok(bytes)
    }
}

fn cause(error: &io::Error) -> OsError {
    match error.kind() {
        io::ErrorKind::NotFound => OsError::NotFound,
        io::ErrorKind::PermissionDenied => OsError::PermissionDenied,
        io::ErrorKind::IsADirectory => OsError::IsDirectory,
        io::ErrorKind::NotADirectory => OsError::NotDirectory,
        io::ErrorKind::InvalidInput => OsError::InvalidArgument,
        _ => OsError::Io,
    }
}
