//! Why a file could not be read.

use std::fmt;

use crate::bindings::wasi::filesystem::types::ErrorCode;

/// What failed, at which path, and why. Reads like `open /etc/x.json: no such file or directory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// What was tried.
    pub operation: Operation,
    /// The path as the caller gave it.
    pub path: String,
    /// What was in the way.
    pub cause: Cause,
}

impl FileError {
    /// An error of its parts.
    pub fn new(operation: Operation, path: impl Into<String>, cause: Cause) -> Self {
        Self { operation, path: path.into(), cause }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = match self.operation {
            Operation::Stat => "stat",
            Operation::Open => "open",
            Operation::Read => "read",
        };
        write!(f, "{operation} {}: {}", self.path, self.cause)
    }
}

impl std::error::Error for FileError {}

/// The steps of reading a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Asking what is at the path.
    Stat,
    /// Opening the file.
    Open,
    /// Reading its bytes.
    Read,
}

/// What was in the way; written in the words of the system's own error texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Nothing is there, or nothing that was granted.
    NotFound,
    /// The file system refuses: the process has no right.
    PermissionDenied,
    /// The sandbox refuses: a link leaves its grant, or the thing is not one that may be opened.
    NotPermitted,
    /// A folder where a file is wanted.
    IsFolder,
    /// A file in the middle of the path.
    NotFolder,
    /// A path that can name nothing, such as one with a NUL.
    Invalid,
    /// A circle of links.
    Loop,
    /// A name longer than the file system takes.
    NameTooLong,
    /// More bytes than may be read of one file.
    TooLarge,
    /// The call has used up what it may open or read.
    Quota,
    /// Neither file nor folder.
    Unsupported,
    /// Anything else.
    Io,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "no such file or directory",
            Self::PermissionDenied => "permission denied",
            Self::NotPermitted => "operation not permitted",
            Self::IsFolder => "is a directory",
            Self::NotFolder => "not a directory",
            Self::Invalid => "invalid argument",
            Self::Loop => "too many levels of symbolic links",
            Self::NameTooLong => "file name too long",
            Self::TooLarge => "file too large",
            Self::Quota => "disk quota exceeded",
            Self::Unsupported => "operation not supported",
            Self::Io => "input/output error",
        })
    }
}

impl From<ErrorCode> for Cause {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::NoEntry => Self::NotFound,
            ErrorCode::Access => Self::PermissionDenied,
            ErrorCode::NotPermitted => Self::NotPermitted,
            ErrorCode::IsDirectory => Self::IsFolder,
            ErrorCode::NotDirectory => Self::NotFolder,
            ErrorCode::Invalid | ErrorCode::IllegalByteSequence => Self::Invalid,
            ErrorCode::Loop => Self::Loop,
            ErrorCode::NameTooLong => Self::NameTooLong,
            ErrorCode::FileTooLarge | ErrorCode::Overflow => Self::TooLarge,
            ErrorCode::Quota => Self::Quota,
            ErrorCode::Unsupported | ErrorCode::NoSuchDevice | ErrorCode::NoDevice => Self::Unsupported,
            _ => Self::Io,
        }
    }
}
