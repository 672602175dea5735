//! What differs between systems: reading at a position, opening without waiting, numbers of errors.

use std::fs::File;
use std::io;

use cap_std::fs::OpenOptions;

use super::bindings::wasi::filesystem::types::ErrorCode;

/// Makes opening a FIFO or a device return at once instead of waiting for the other side.
#[cfg(unix)]
pub(super) fn never_wait(options: &mut OpenOptions) {
    use cap_std::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    if let Ok(flags) = i32::try_from(flags.bits()) {
        options.custom_flags(flags);
    }
}

/// There are no FIFOs in a Windows folder.
#[cfg(not(unix))]
pub(super) fn never_wait(_options: &mut OpenOptions) {}

/// Reads at a position without moving a cursor that another descriptor may share.
#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Reads at a position.
#[cfg(windows)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Writes at a position.
#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, bytes, offset)
}

/// Writes at a position.
#[cfg(windows)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, offset)
}

/// What tells one file from all others, as two numbers.
#[cfg(unix)]
pub(super) fn identity(metadata: &cap_std::fs::Metadata) -> (u64, u64) {
    use cap_std::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// Not known here: every file is told apart by its size and age.
#[cfg(not(unix))]
pub(super) fn identity(metadata: &cap_std::fs::Metadata) -> (u64, u64) {
    let age = metadata
        .modified()
        .ok()
        .and_then(|time| time.into_std().duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |age| u64::try_from(age.as_nanos()).unwrap_or(u64::MAX));
    (metadata.len(), age)
}

/// Errors that the standard library has no name for.
#[cfg(unix)]
pub(super) fn code(error: &io::Error) -> Option<ErrorCode> {
    use rustix::io::Errno;
    Some(match Errno::from_io_error(error)? {
        Errno::LOOP => ErrorCode::Loop,
        Errno::NAMETOOLONG => ErrorCode::NameTooLong,
        Errno::NXIO => ErrorCode::NoSuchDevice,
        Errno::NODEV => ErrorCode::NoDevice,
        Errno::OVERFLOW => ErrorCode::Overflow,
        Errno::MFILE | Errno::NFILE => ErrorCode::InsufficientMemory,
        Errno::ILSEQ => ErrorCode::IllegalByteSequence,
        _ => return None,
    })
}

/// Errors that the standard library has no name for.
#[cfg(not(unix))]
pub(super) fn code(_error: &io::Error) -> Option<ErrorCode> {
    None
}
