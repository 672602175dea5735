//! The file that records are added to.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use portcullis_policy::{Event, EventSink};
use thiserror::Error;

use super::Record;

/// An audit file that cannot be written to.
#[derive(Debug, Error)]
#[error("cannot write the audit file {}: {source}", path.display())]
pub struct AuditError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Adds a line for each event to a file. Each line is one write, so that several processes may share a file.
#[derive(Debug)]
pub struct AuditFile {
    path: PathBuf,
    file: Mutex<File>,
    failed: AtomicBool,
}

impl AuditFile {
    /// Opens the file, or makes one that only this user can read and write.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened, or is no regular file.
    pub fn open(path: &Path) -> Result<Self, AuditError> {
        let error = |source| AuditError { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(error)?;
        if !file.metadata().map_err(error)?.is_file() {
            return Err(error(io::Error::other("it is no regular file")));
        }
        Ok(Self { path: path.to_owned(), file: Mutex::new(file), failed: AtomicBool::new(false) })
    }

    fn write(&self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line)
    }
}

impl EventSink for AuditFile {
    fn record(&self, event: &Event) {
        let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
        let Some(record) = Record::of(event, time) else { return };
        if let Err(error) = self.write(&record)
            && !self.failed.swap(true, Ordering::Relaxed)
        {
            // Once: a full disk would otherwise fill the log, too.
            tracing::error!(path = %self.path.display(), %error, "the audit file cannot be written to");
        }
    }
}
