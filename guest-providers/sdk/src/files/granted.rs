//! Files through `wasi:filesystem`.

use super::place::{self, Place};
use super::{Files, Kind, OsError, PathError, Stat};
use crate::bindings::wasi::filesystem::preopens;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};

/// How much is asked for in one read.
const CHUNK: u64 = 1 << 20;

/// What the policy grants to this call.
#[derive(Debug)]
pub struct Granted {
    folders: Vec<(Descriptor, String)>,
}

impl Granted {
    /// Asks the host what is granted. Once a call is enough.
    pub fn new() -> Self {
        Self { folders: preopens::get_directories() }
    }

    /// Tries the grants that could hold the path, the nearest first, until one of them has it.
    fn find<T>(
        &self,
        path: &str,
        act: impl Fn(&Descriptor, &str) -> Result<T, ErrorCode>,
    ) -> Result<T, OsError> {
        if path.is_empty() {
            return Err(OsError::NotFound);
        }
        if path.contains('\0') {
            return Err(OsError::InvalidArgument);
        }
        let names = self.folders.iter().map(|(_, name)| name.as_str());
        for Place { grant, inside } in place::places(names, path) {
            let Some((folder, _)) = self.folders.get(grant) else { continue };
            match act(folder, &inside) {
                Err(ErrorCode::NoEntry) => {}
                Err(code) => return Err(cause(code)),
                Ok(found) => return Ok(found),
            }
        }
        Err(OsError::NotFound)
    }
}

impl Default for Granted {
    fn default() -> Self {
        Self::new()
    }
}

impl Files for Granted {
    fn stat(&self, path: &str) -> Result<Stat, PathError> {
        self.find(path, |folder, inside| {
            if inside.is_empty() { folder.stat() } else { folder.stat_at(PathFlags::SYMLINK_FOLLOW, inside) }
        })
        .map(stat)
        .map_err(|cause| PathError::new("stat", path, cause))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, PathError> {
        let file = self
            .find(path, |folder, inside| {
                let inside = if inside.is_empty() { "." } else { inside };
                folder.open_at(PathFlags::SYMLINK_FOLLOW, inside, OpenFlags::empty(), DescriptorFlags::READ)
            })
            .map_err(|cause| {
                // A system opens a folder and fails to read it; a host may refuse to open it.
                let operation = if cause == OsError::IsDirectory { "read" } else { "open" };
                PathError::new(operation, path, cause)
            })?;
        read(&file, limit).map_err(|cause| PathError::new("read", path, cause))
    }
}

fn stat(stat: DescriptorStat) -> Stat {
    let kind = match stat.type_ {
        DescriptorType::RegularFile => Kind::File,
        DescriptorType::Directory => Kind::Folder,
        _ => Kind::Special,
    };
    Stat { kind, size: stat.size }
}

/// Reads to the end, or one byte past the limit.
fn read(file: &Descriptor, limit: u64) -> Result<Vec<u8>, OsError> {
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let offset = bytes.len() as u64;
        let (chunk, end) =
            file.read(CHUNK.min(limit.saturating_add(1).saturating_sub(offset)), offset).map_err(cause)?;
        let done = end || chunk.is_empty();
        if bytes.is_empty() {
            bytes = chunk;
        } else {
            bytes.extend_from_slice(&chunk);
        }
        if bytes.len() as u64 > limit {
            return Err(OsError::FileTooLarge);
        }
        if done {
            return Ok(bytes);
        }
    }
}

/// The host's error in the system's words.
fn cause(code: ErrorCode) -> OsError {
    match code {
        ErrorCode::NoEntry => OsError::NotFound,
        ErrorCode::Access => OsError::PermissionDenied,
        ErrorCode::NotPermitted => OsError::NotPermitted,
        ErrorCode::IsDirectory => OsError::IsDirectory,
        ErrorCode::NotDirectory => OsError::NotDirectory,
        ErrorCode::Invalid | ErrorCode::IllegalByteSequence => OsError::InvalidArgument,
        ErrorCode::Loop => OsError::TooManyLinks,
        ErrorCode::NameTooLong => OsError::NameTooLong,
        ErrorCode::FileTooLarge => OsError::FileTooLarge,
        ErrorCode::Quota => OsError::QuotaExceeded,
        ErrorCode::Overflow => OsError::Overflow,
        ErrorCode::Unsupported => OsError::NotSupported,
        ErrorCode::NoDevice | ErrorCode::NoSuchDevice => OsError::NoSuchAddress,
        ErrorCode::BadDescriptor => OsError::BadDescriptor,
        ErrorCode::Busy => OsError::Busy,
        ErrorCode::WouldBlock => OsError::TryAgain,
        ErrorCode::Interrupted => OsError::Interrupted,
        ErrorCode::InsufficientMemory => OsError::OutOfMemory,
        _ => OsError::Io,
    }
}
