//! The path under which an open descriptor can be opened once more: what only Linux has.
//!
//! wasmtime maps a component by path alone. A path can lead elsewhere by the time it is opened; this one cannot.

use std::fs::File;
use std::path::PathBuf;

/// The path of the descriptor itself. `None` where the system has none, or `/proc` is not mounted.
#[cfg(target_os = "linux")]
pub(super) fn path(file: &File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd as _;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    path.exists().then_some(path)
}

/// Nothing of the kind.
#[cfg(not(target_os = "linux"))]
pub(super) fn path(_: &File) -> Option<PathBuf> {
    None
}
