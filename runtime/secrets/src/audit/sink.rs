//! Where records go.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::settings::Settings;

use super::error::AuditError;
use super::file::{LineFile, LineFileOptions};
use super::record::AuditRecord;

/// Keeps records. Called from a thread that may block, one record at a time.
pub trait AuditSink: Send + Sync {
    /// Keeps a record.
    ///
    /// # Errors
    /// It could not be kept; the next one may be.
    fn append(&self, record: &AuditRecord) -> Result<(), AuditError>;
}

/// The agent's audit file: `secret-audit-file.json` in its run folder (`run_path`), put aside as
/// `secret-audit-file.NNNNNN.json` beyond `secret_audit_file_max_size`, kept for 90 days. Made with the first record.
#[derive(Debug)]
pub struct AuditFile(Mutex<LineFile>);

impl AuditFile {
    /// The audit file of this folder, which must exist by the time of the first record.
    #[must_use]
    pub fn new(run_path: &Path, settings: &Settings) -> Self {
        Self(Mutex::new(file(run_path, settings)))
    }

    /// Goes on in this folder, with these settings: between two records, and never within one.
    pub fn change(&self, run_path: &Path, settings: &Settings) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = file(run_path, settings);
    }
}

fn file(run_path: &Path, settings: &Settings) -> LineFile {
    LineFile::new(LineFileOptions {
        max_size: settings.audit_file_max_size,
        ..LineFileOptions::new(run_path, "secret-audit-file", "json")
    })
}

impl AuditSink for AuditFile {
    fn append(&self, record: &AuditRecord) -> Result<(), AuditError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).append(record.time, &record.line())
    }
}
