//! A file of lines that is whole at every moment.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::disk::{Disk, RealDisk};
use super::error::AuditError;
use super::record;
use super::rotated::Names;
use super::time;

/// Where a file of lines is and how long it is kept.
#[derive(Debug, Clone)]
pub struct LineFileOptions {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name before the extension: `secret-audit-file`.
    pub base: String,
    /// Its extension: `json`.
    pub extension: String,
    /// Beyond how many bytes it is put aside; default 1 MiB.
    pub max_size: u64,
    /// How long a line is kept, and a file that was put aside; default 90 days.
    pub retention: Duration,
    /// How many digits the numbers of files put aside have; default 6.
    pub digits: usize,
}

impl LineFileOptions {
    /// These names, and the defaults.
    #[must_use]
    pub fn new(folder: &Path, base: &str, extension: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            base: base.to_owned(),
            extension: extension.to_owned(),
            max_size: 1_048_576,
            retention: Duration::from_hours(90 * 24),
            digits: 6,
        }
    }
}

/// A file of lines, each a JSON object with a `time` (RFC 3339), oldest first. One process writes it.
///
/// A process that is killed at any point leaves whole lines, but for the one that it was writing, which the next append
/// removes. Modes stay as they are; a new file is 0640, less the umask.
#[derive(Debug)]
pub struct LineFile {
    disk: Box<dyn Disk>,
    folder: PathBuf,
    names: Names,
    max_size: u64,
    retention: Duration,
}

impl LineFile {
    /// A file that is made with its first line.
    #[must_use]
    pub fn new(options: LineFileOptions) -> Self {
        Self::on(Box::new(RealDisk), options)
    }

    pub(super) fn on(disk: Box<dyn Disk>, options: LineFileOptions) -> Self {
        let LineFileOptions { folder, base, extension, max_size, retention, digits } = options;
        Self { disk, folder, names: Names { base, extension, digits }, max_size, retention }
    }

    /// Adds a line. Before it: a line that was cut off is removed, so are leading lines that are too old (or have no time,
    /// where they come before those), and files put aside that are; a file that would grow too large is put aside.
    ///
    /// # Errors
    /// The line is not in the file. A failure to tidy up is one too, but after the line is written.
    pub fn append(&mut self, now: SystemTime, line: &[u8]) -> Result<(), AuditError> {
        let current = self.folder.join(self.names.current());
        let bytes = self.mend(&current)?;
        let tidied = self.tidy(&current, now, &bytes, line.len());
        self.write(&current, line)?;
        tidied
    }

    /// Adds the line `{"time":"…","data":…}` of any data, for records of other kinds than secrets.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn record(&mut self, now: SystemTime, data: &impl Serialize) -> Result<(), AuditError> {
        self.append(now, &record::line(now, data))
    }

    /// Makes the file whole: what follows its last line break was never finished. Says what is in it.
    fn mend(&mut self, current: &Path) -> Result<Vec<u8>, AuditError> {
        let mut bytes = self.disk.read(current).map_err(AuditError::at("read", current))?.unwrap_or_default();
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1));
        if whole < bytes.len() {
            self.disk.truncate(current, length(whole)).map_err(AuditError::at("repair", current))?;
            bytes.truncate(whole);
        }
        Ok(bytes)
    }

    fn tidy(
        &mut self,
        current: &Path,
        now: SystemTime,
        bytes: &[u8],
        coming: usize,
    ) -> Result<(), AuditError> {
        let kept = self.prune(current, now, bytes)?;
        let files = self.put_aside(now)?;
        if kept > 0 && length(kept).saturating_add(length(coming)) > self.max_size {
            let next = files.into_iter().max().map_or(0, |last| last.saturating_add(1));
            // With all numbers used up, the file grows: better than to overwrite what was put aside.
            if let Some(name) = self.names.put_aside(next) {
                let aside = self.folder.join(name);
                self.disk.rename(current, &aside).map_err(AuditError::at("put aside", current))?;
            }
        }
        Ok(())
    }

    /// Removes the leading lines that are too old; says how many bytes are left.
    fn prune(&mut self, current: &Path, now: SystemTime, bytes: &[u8]) -> Result<usize, AuditError> {
        let stays =
            |line: &&[u8]| time::of_line(line).is_some_and(|time| !time::is_older(time, now, self.retention));
        let removed: usize = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .take_while(|line| !stays(line))
            .map(<[u8]>::len)
            .sum();
        if removed == 0 {
            return Ok(bytes.len());
        }
        let rest = bytes.get(removed..).unwrap_or_default();
        let temporary = self.folder.join(self.names.temporary());
        // One that a killed process left behind.
        self.disk.remove(&temporary).map_err(AuditError::at("remove", &temporary))?;
        self.disk.create_like(&temporary, current, rest).map_err(AuditError::at("write", &temporary))?;
        self.disk.rename(&temporary, current).map_err(AuditError::at("replace", current))?;
        Ok(rest.len())
    }

    /// Removes the files put aside that are too old; says which numbers are left.
    fn put_aside(&mut self, now: SystemTime) -> Result<Vec<u64>, AuditError> {
        let mut left = Vec::new();
        for (name, changed) in self.disk.list(&self.folder).map_err(AuditError::at("list", &self.folder))? {
            let Some(number) = self.names.number(&name) else { continue };
            if time::is_older(changed, now, self.retention) {
                let path = self.folder.join(name);
                self.disk.remove(&path).map_err(AuditError::at("remove", &path))?;
            } else {
                left.push(number);
            }
        }
        Ok(left)
    }

    /// Writes the line, or nothing: what was written of it when the disk is full is taken back.
    fn write(&mut self, current: &Path, line: &[u8]) -> Result<(), AuditError> {
        let written = self.disk.append(current, line).map_err(AuditError::at("append to", current))?;
        if written == line.len() {
            return Ok(());
        }
        self.mend(current)?;
        let full = std::io::Error::new(
            std::io::ErrorKind::StorageFull,
            format!("only {written} of {} bytes could be written", line.len()),
        );
        Err(AuditError::at("append to", current)(full))
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
