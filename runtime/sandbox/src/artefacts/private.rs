//! Files and folders that nobody else can write: what only Unix can say.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};

/// Makes a folder of mode 0700. One that is there already is left as it is.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Looks at the folder's descriptor. `Some` says what is wrong with it.
pub(super) fn check_folder(folder: &Path) -> io::Result<Option<String>> {
    let opened = File::open(folder)?;
    let metadata = opened.metadata()?;
    if !metadata.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    if metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o077 != 0 {
        return Ok(Some(format!("owner {}, mode {:04o}", metadata.uid(), metadata.mode() & 0o7777)));
    }
    Ok(None)
}

/// Opens a file that only its owner, this user, can have written.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    options.custom_flags(flags());
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    #[cfg(unix)]
    if metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o022 != 0 {
        let found = format!("owner {}, mode {:04o}", metadata.uid(), metadata.mode() & 0o7777);
        return Err(io::Error::other(format!("others could have written it ({found})")));
    }
    Ok(file)
}

/// Makes a file that only its owner can read and nobody can write later.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o400);
    options.open(path)
}

/// No link is followed, and no FIFO waited for.
#[cfg(unix)]
fn flags() -> i32 {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
    i32::try_from(flags.bits()).unwrap_or_default()
}
