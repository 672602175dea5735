//! Reading files that decide about authority: the facts are collected here, judged by
//! [`TrustRule`], and only then is a byte read.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};

use portcullis_policy::Digest;
use portcullis_policy::trust::{TrustError, TrustRule};
use thiserror::Error;
use zeroize::Zeroizing;

mod facts;
mod rights;

pub use rights::FileRights;

/// Largest file that is read as configuration or ceiling, in bytes.
pub const MAX_CONFIGURATION: u64 = 64 << 20;

/// Room behind what is expected, in bytes: with less of it the standard library looks for more through its stack, where
/// nobody wipes what it found.
const SPARE: usize = 64;

/// A file that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Somebody else could have written it.
    #[error("refusing to trust a file that others can change: {0}")]
    NotTrusted(#[from] TrustError),
    /// Larger than any honest file of its kind.
    #[error("{} has more than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
}

/// Reads files under one trust rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrustedFiles {
    rule: TrustRule,
}

impl TrustedFiles {
    /// Files that only root and this user can write.
    #[must_use]
    pub fn strict() -> Self {
        Self { rule: TrustRule::strict() }
    }

    /// The same, with write permission of groups accepted. Logged, because it widens who is trusted.
    #[must_use]
    pub fn allow_group_write() -> Self {
        tracing::warn!("files that their group can write are trusted (--allow-group-write)");
        Self { rule: TrustRule::allow_group_write() }
    }

    /// Reads a file of at most `limit` bytes, if it can be trusted. The buffer is wiped when dropped.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is too large, or could have been written by somebody else.
    pub fn read(&self, path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        self.open(path, limit)?.read()
    }

    /// Opens a component's file, if it can be trusted.
    pub(crate) fn component(&self, path: &Path) -> Result<TrustedFile, ReadError> {
        self.open(path, portcullis_sandbox::MAX_COMPONENT as u64)
    }

    /// The digest of a component's file as text: to be shown, also of one that others could have written. Nothing else follows
    /// from it.
    pub(crate) fn shown_digest(path: &Path) -> Result<String, ReadError> {
        let io = |source| ReadError::Io { path: path.to_owned(), source };
        let file = open(&path.canonicalize().map_err(io)?).map_err(io)?;
        if !file.metadata().map_err(io)?.is_file() {
            return Err(io(io::Error::other("it is no regular file")));
        }
        digest(&file, path, portcullis_sandbox::MAX_COMPONENT as u64).map(|digest| digest.to_string())
    }

    /// Opens a file of at most `limit` bytes, if it can be trusted.
    pub(crate) fn open(&self, path: &Path, limit: u64) -> Result<TrustedFile, ReadError> {
        let io = |source| ReadError::Io { path: path.to_owned(), source };
        // Links are followed once; what they lead to, and every folder on the way there, is what is judged.
        let real = path.canonicalize().map_err(io)?;
        let file = open(&real).map_err(io)?;
        self.rule.decide(&facts::collect(&file, &real).map_err(io)?)?;
        Ok(TrustedFile { file, path: path.to_owned(), limit })
    }
}

/// A file that was found to be trusted, open.
pub(crate) struct TrustedFile {
    file: File,
    path: PathBuf,
    limit: u64,
}

impl TrustedFile {
    /// All of it.
    pub(crate) fn read(mut self) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        let read = |file: &mut File| {
            file.rewind()?;
            // The whole at once: a buffer that grows leaves copies of what it held behind.
            let length = usize::try_from(file.metadata()?.len().min(self.limit)).unwrap_or_default();
            let mut bytes = Zeroizing::new(Vec::with_capacity(length.saturating_add(SPARE)));
            file.take(self.limit.saturating_add(1)).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read(&mut self.file).map_err(|source| self.io(source))?;
        if bytes.len() as u64 > self.limit { Err(self.too_large()) } else { Ok(bytes) }
    }

    /// The digest of what is in it now. Who opens it after that must look again.
    pub(crate) fn digest(&self) -> Result<Digest, ReadError> {
        digest(&self.file, &self.path, self.limit)
    }

    fn io(&self, source: io::Error) -> ReadError {
        ReadError::Io { path: self.path.clone(), source }
    }

    fn too_large(&self) -> ReadError {
        too_large(&self.path, self.limit)
    }
}

fn digest(file: &File, path: &Path, limit: u64) -> Result<Digest, ReadError> {
    let mut limited = file.take(limit.saturating_add(1));
    let read = Digest::of_reader(&mut limited);
    let digest = read.map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
    if limited.limit() == 0 { Err(too_large(path, limit)) } else { Ok(digest) }
}

fn too_large(path: &Path, limit: u64) -> ReadError {
    ReadError::TooLarge { path: path.to_owned(), limit }
}

/// Opens without waiting: a FIFO is refused by its kind, not by hanging.
fn open(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]
    fn set(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_file_is_read_only_if_nobody_else_could_write_it() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        let path = inner.join("file.yaml");
        std::fs::write(&path, "version: 1").unwrap();
        // (mode of the folder, mode of the file, trusted, trusted with group write)
        for (folder_mode, mode, strict, group) in [
            (0o755, 0o644, true, true),
            (0o700, 0o600, true, true),
            (0o755, 0o664, false, true),
            (0o775, 0o644, false, true),
            (0o777, 0o644, false, false),
            (0o1777, 0o644, true, true),
            (0o755, 0o646, false, false),
        ] {
            set(&inner, folder_mode);
            set(&path, mode);
            assert_eq!(TrustedFiles::strict().read(&path, 100).is_ok(), strict, "{folder_mode:o} {mode:o}");
            assert_eq!(
                TrustedFiles::allow_group_write().read(&path, 100).is_ok(),
                group,
                "{folder_mode:o} {mode:o}"
            );
        }
    }

    #[test]
    fn what_is_too_large_no_file_or_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.yaml");
        std::fs::write(&path, "0123456789").unwrap();
        set(&path, 0o600);
        let files = TrustedFiles::strict();
        assert!(matches!(files.read(&path, 9), Err(ReadError::TooLarge { .. })));
        assert_eq!(files.read(&path, 10).unwrap().as_slice(), b"0123456789");
        assert!(matches!(files.open(&path, 9).unwrap().digest(), Err(ReadError::TooLarge { .. })));
        // The digest first, then the whole.
        let file = files.open(&path, 10).unwrap();
        assert_eq!(file.digest().unwrap(), Digest::of(b"0123456789"));
        assert_eq!(file.read().unwrap().as_slice(), b"0123456789");
        assert!(matches!(files.read(folder.path(), 10), Err(ReadError::NotTrusted(_))));
        // What is shown of a file that others can write is its digest; a folder has none.
        set(&path, 0o666);
        assert!(matches!(files.component(&path), Err(ReadError::NotTrusted(_))));
        assert_eq!(TrustedFiles::shown_digest(&path).unwrap(), Digest::of(b"0123456789").to_string());
        assert!(matches!(TrustedFiles::shown_digest(folder.path()), Err(ReadError::Io { .. })));
        assert!(matches!(files.read(&folder.path().join("none"), 10), Err(ReadError::Io { .. })));
    }
}
