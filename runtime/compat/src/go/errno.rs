//! Errors of the operating system, in Go's words.

use std::fmt;

/// What the operating system said no with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OsError {
    /// ENOENT.
    NotFound,
    /// EISDIR.
    IsDirectory,
    /// ENOTDIR.
    NotDirectory,
    /// EACCES.
    PermissionDenied,
    /// EPERM.
    NotPermitted,
    /// EINVAL.
    InvalidArgument,
    /// ELOOP.
    TooManyLinks,
    /// ENAMETOOLONG.
    NameTooLong,
    /// EFBIG.
    FileTooLarge,
    /// EDQUOT.
    QuotaExceeded,
    /// EOVERFLOW.
    Overflow,
    /// ENXIO.
    NoSuchAddress,
    /// ENOTSUP.
    NotSupported,
    /// EBADF.
    BadDescriptor,
    /// EBUSY.
    Busy,
    /// EAGAIN.
    TryAgain,
    /// EINTR.
    Interrupted,
    /// EMFILE.
    TooManyOpenFiles,
    /// ENOMEM.
    OutOfMemory,
    /// EIO, and whatever has no name of its own.
    Io,
}

impl fmt::Display for OsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "no such file or directory",
            Self::IsDirectory => "is a directory",
            Self::NotDirectory => "not a directory",
            Self::PermissionDenied => "permission denied",
            Self::NotPermitted => "operation not permitted",
            Self::InvalidArgument => "invalid argument",
            Self::TooManyLinks => "too many levels of symbolic links",
            Self::NameTooLong => "file name too long",
            Self::FileTooLarge => "file too large",
            Self::QuotaExceeded => "disk quota exceeded",
            Self::Overflow => "value too large for defined data type",
            Self::NoSuchAddress => "no such device or address",
            Self::NotSupported => "operation not supported",
            Self::BadDescriptor => "bad file descriptor",
            Self::Busy => "device or resource busy",
            Self::TryAgain => "resource temporarily unavailable",
            Self::Interrupted => "interrupted system call",
            Self::TooManyOpenFiles => "too many open files",
            Self::OutOfMemory => "cannot allocate memory",
            Self::Io => "input/output error",
        })
    }
}

impl std::error::Error for OsError {}

/// An operation on a path that failed: `open /etc/x: no such file or directory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    operation: &'static str,
    path: String,
    cause: OsError,
}

impl PathError {
    /// `operation` is Go's name for it: `open`, `read`, `stat`, `lstat`.
    #[must_use]
    pub fn new(operation: &'static str, path: impl Into<String>, cause: OsError) -> Self {
        Self { operation, path: path.into(), cause }
    }

    /// What the operating system said.
    #[must_use]
    pub fn cause(&self) -> OsError {
        self.cause
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation, self.path, self.cause)
    }
}

// The text of the cause is part of the text of the error: naming it as the source as well would print it
// twice.
impl std::error::Error for PathError {}
