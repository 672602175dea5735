//! Why a file operation did not happen: a typed error for the guest, or the end of the call.

#![expect(
    unreachable_pub,
    reason = "the generated bindings re-export these types, and may only re-export what is public"
)]

use std::io;

use portcullis_policy::Reason;

use super::bindings::wasi::filesystem::types::ErrorCode;

/// A refused or failed operation.
#[derive(Debug)]
pub struct Refusal(Kind);

#[derive(Debug)]
enum Kind {
    /// What the guest is told.
    Code { code: ErrorCode, reason: Option<Reason> },
    /// The call ends: the guest broke the rules of its own interface.
    Trap(wasmtime::Error),
}

impl Refusal {
    /// A plain failure, as any file system has them.
    pub(super) fn failed(code: ErrorCode) -> Self {
        Self(Kind::Code { code, reason: None })
    }

    /// A refusal by policy.
    pub(super) fn denied(code: ErrorCode, reason: Reason) -> Self {
        Self(Kind::Code { code, reason: Some(reason) })
    }

    /// The reason code, where policy refused.
    pub(super) fn reason(&self) -> Option<Reason> {
        match &self.0 {
            Kind::Code { reason, .. } => *reason,
            Kind::Trap(_) => None,
        }
    }

    pub(super) fn into_code(self) -> wasmtime::Result<ErrorCode> {
        match self.0 {
            Kind::Code { code, .. } => Ok(code),
            Kind::Trap(error) => Err(error),
        }
    }
}

impl From<wasmtime::component::ResourceTableError> for Refusal {
    fn from(error: wasmtime::component::ResourceTableError) -> Self {
        Self(Kind::Trap(error.into()))
    }
}

impl From<wasmtime::Error> for Refusal {
    fn from(error: wasmtime::Error) -> Self {
        Self(Kind::Trap(error))
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        // cap-std reports a path that leads outside as its own error, without a number from the system.
        if error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none() {
            return Self::denied(ErrorCode::NotPermitted, Reason::FsOutside);
        }
        Self::failed(code(&error))
    }
}

/// The WASI code for an error of the system.
pub(super) fn code(error: &io::Error) -> ErrorCode {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => ErrorCode::NoEntry,
        Kind::PermissionDenied => ErrorCode::Access,
        Kind::AlreadyExists => ErrorCode::Exist,
        Kind::WouldBlock => ErrorCode::WouldBlock,
        Kind::InvalidInput => ErrorCode::Invalid,
        Kind::InvalidFilename => ErrorCode::NameTooLong,
        Kind::Interrupted => ErrorCode::Interrupted,
        Kind::OutOfMemory => ErrorCode::InsufficientMemory,
        Kind::NotADirectory => ErrorCode::NotDirectory,
        Kind::IsADirectory => ErrorCode::IsDirectory,
        Kind::DirectoryNotEmpty => ErrorCode::NotEmpty,
        Kind::ReadOnlyFilesystem => ErrorCode::ReadOnly,
        Kind::FileTooLarge => ErrorCode::FileTooLarge,
        Kind::ResourceBusy => ErrorCode::Busy,
        Kind::StorageFull => ErrorCode::InsufficientSpace,
        Kind::QuotaExceeded => ErrorCode::Quota,
        Kind::CrossesDevices => ErrorCode::CrossDevice,
        Kind::TooManyLinks => ErrorCode::TooManyLinks,
        Kind::NotSeekable => ErrorCode::InvalidSeek,
        Kind::Unsupported => ErrorCode::Unsupported,
        _ => super::system::code(error).unwrap_or(ErrorCode::Io),
    }
}
