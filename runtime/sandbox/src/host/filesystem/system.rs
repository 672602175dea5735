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

/// Whether a path says that a folder is meant.
pub(super) fn ends_in_slash(path: &std::path::Path) -> bool {
    path.as_os_str().as_encoded_bytes().last().is_some_and(|last| std::path::is_separator(char::from(*last)))
}

/// File systems in which the kernel shows itself. Their files look regular: they are the memory and the environment of
/// processes, settings of the machine, logs. Reading one may block, lie or act.
#[cfg(any(target_os = "linux", target_os = "android"))]
const KERNEL_INTERFACES: &[u32] = &[
    0x9fa0,      // proc
    0x6265_6572, // sysfs
    0x6462_6720, // debugfs
    0x7472_6163, // tracefs
    0x7363_6673, // securityfs
    0xf97c_ff8c, // selinuxfs
    0x6265_6570, // configfs
    0x0027_e0eb, // cgroup
    0x6367_7270, // cgroup2
    0xcafe_4a11, // bpf
    0x6165_676c, // pstore
    0xde5e_81e4, // efivarfs
    0x4249_4e4d, // binfmt_misc
    0x1980_0202, // mqueue
    0x0000_1cd1, // devpts
    0x6573_5543, // fusectl
    0x6e73_6673, // nsfs
];

/// Whether a file belongs to one of [`KERNEL_INTERFACES`]. Where the system does not say, it does.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[allow(
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    reason = "the kernel's numbers are of 32 bits; which type holds them differs between processors"
)]
pub(super) fn is_kernel_interface(file: impl std::os::fd::AsFd) -> bool {
    rustix::fs::fstatfs(file).map_or(true, |found| KERNEL_INTERFACES.contains(&(found.f_type as u32)))
}

/// Elsewhere the kernel does not show itself in files.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn is_kernel_interface<T>(_file: T) -> bool {
    false
}

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
