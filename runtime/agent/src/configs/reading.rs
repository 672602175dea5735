//! A file as bytes.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsFd as _;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};
use zeroize::Zeroizing;

use super::MAX_FILE_BYTES;
use super::error::ConfigError;

/// All of a regular file. A pipe or device does not make us wait, and links are followed: kubelet's files are links.
pub(super) fn file(path: &Path) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let failed = |error: rustix::io::Errno| ConfigError::read(path)(error.into());
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty()).map_err(failed)?;
    let found = rustix::fs::fstat(opened.as_fd()).map_err(failed)?;
    if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
        return Err(ConfigError::NoFile(path.to_owned()));
    }
    let length = u64::try_from(found.st_size).unwrap_or(u64::MAX);
    if length > MAX_FILE_BYTES {
        return Err(ConfigError::TooLong(path.to_owned()));
    }
    // With room for all of it: a buffer that grows leaves its bytes behind.
    let room = usize::try_from(length).unwrap_or_default().saturating_add(1);
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    File::from(opened)
        .take(MAX_FILE_BYTES.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(ConfigError::read(path))?;
    if u64::try_from(text.len()).is_ok_and(|length| length <= MAX_FILE_BYTES) {
        return Ok(text);
    }
    Err(ConfigError::TooLong(path.to_owned()))
}
