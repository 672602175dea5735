//! Is this a memory file system.

use std::os::fd::BorrowedFd;
use std::path::Path;

use super::error::RenderError;

/// Refuses every file system but those that are known to live in memory.
pub(super) fn check(folder: BorrowedFd<'_>, path: &Path, user: u32) -> Result<(), RenderError> {
    kind(folder).map_err(|found| RenderError::NotMemory { path: path.to_owned(), found, user })
}

#[cfg(target_os = "linux")]
fn kind(folder: BorrowedFd<'_>) -> Result<(), String> {
    /// What the kernel calls tmpfs and ramfs, by their numbers in `statfs`.
    const MEMORY: [u64; 2] = [0x0102_1994, 0x8584_58f6];
    match rustix::fs::fstatfs(folder) {
        Ok(found) => {
            // The type of the field is the processor's: 32 bits somewhere, with a sign elsewhere.
            #[expect(clippy::cast_sign_loss, reason = "the number is a pattern of 32 bits")]
            let number = found.f_type as u64 & 0xffff_ffff;
            if MEMORY.contains(&number) { Ok(()) } else { Err(format!("a file system of type {number:#x}")) }
        }
        Err(error) => Err(format!("a file system that does not say what it is ({error})")),
    }
}

#[cfg(not(target_os = "linux"))]
fn kind(_: BorrowedFd<'_>) -> Result<(), String> {
    Err("a system whose memory file systems we cannot tell from disks".to_owned())
}
