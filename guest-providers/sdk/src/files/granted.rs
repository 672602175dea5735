//! Files through `wasi:filesystem`.

use super::place::{self, Place};
use super::{Cause, FileError, Files, Kind, Operation, Stat};
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
    fn find<T>(&self, path: &str, act: impl Fn(&Descriptor, &str) -> Result<T, ErrorCode>) -> Result<T, Cause> {
        if path.is_empty() {
            return Err(Cause::NotFound);
        }
        if path.contains('\0') {
            return Err(Cause::Invalid);
        }
        let names = self.folders.iter().map(|(_, name)| name.as_str());
        for Place { grant, inside } in place::places(names, path) {
            let Some((folder, _)) = self.folders.get(grant) else { continue };
            match act(folder, &inside) {
                Err(ErrorCode::NoEntry) => {}
                Err(code) => return Err(code.into()),
                Ok(found) => return Ok(found),
            }
        }
        Err(Cause::NotFound)
    }
}

impl Default for Granted {
    fn default() -> Self {
        Self::new()
    }
}

impl Files for Granted {
    fn stat(&self, path: &str) -> Result<Stat, FileError> {
        self.find(path, |folder, inside| {
            if inside.is_empty() { folder.stat() } else { folder.stat_at(PathFlags::SYMLINK_FOLLOW, inside) }
        })
        .map(stat)
        .map_err(|cause| FileError::new(Operation::Stat, path, cause))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FileError> {
        let file = self
            .find(path, |folder, inside| {
                let inside = if inside.is_empty() { "." } else { inside };
                folder.open_at(PathFlags::SYMLINK_FOLLOW, inside, OpenFlags::empty(), DescriptorFlags::READ)
            })
            .map_err(|cause| {
                // A system opens a folder and fails to read it; a host may refuse to open it.
                let operation = if cause == Cause::IsFolder { Operation::Read } else { Operation::Open };
                FileError::new(operation, path, cause)
            })?;
        read(&file, limit).map_err(|cause| FileError::new(Operation::Read, path, cause))
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
fn read(file: &Descriptor, limit: u64) -> Result<Vec<u8>, Cause> {
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let offset = bytes.len() as u64;
        let (chunk, end) = file.read(CHUNK.min(limit.saturating_add(1).saturating_sub(offset)), offset)?;
        let done = end || chunk.is_empty();
        if bytes.is_empty() {
            bytes = chunk;
        } else {
            bytes.extend_from_slice(&chunk);
        }
        if bytes.len() as u64 > limit {
            return Err(Cause::TooLarge);
        }
        if done {
            return Ok(bytes);
        }
    }
}
