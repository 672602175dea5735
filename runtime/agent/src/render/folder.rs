//! The system calls. All go out from a folder's descriptor, take one name without a slash, and follow no link.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::Put;
use super::name::RESERVED;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// What is not a regular file must not make us wait.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);
const NEW: OFlags =
    OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const PRIVATE_FILE: Mode = Mode::RUSR.union(Mode::WUSR);
const PRIVATE_FOLDER: Mode = Mode::RWXU;

/// An opened folder.
#[derive(Debug)]
pub(super) struct Folder {
    descriptor: OwnedFd,
    /// The file system that was looked at: what is mounted below is another.
    device: u64,
}

/// Who can change what is in a folder.
pub(super) struct Owner {
    /// We, and nobody else.
    pub(super) alone: bool,
    /// Its permissions.
    pub(super) mode: u32,
    /// Who we are.
    pub(super) user: u32,
}

/// Makes a folder; says whether it was not there.
pub(super) fn make(path: &Path) -> io::Result<bool> {
    match rustix::fs::mkdir(path, PRIVATE_FOLDER) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Removes a folder that is empty.
pub(super) fn unmake(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::rmdir(path)?)
}

impl Folder {
    pub(super) fn root(path: &Path) -> io::Result<Self> {
        let descriptor = rustix::fs::open(path, FOLDER, Mode::empty())?;
        let device = device(&rustix::fs::fstat(&descriptor)?);
        Ok(Self { descriptor, device })
    }

    pub(super) fn descriptor(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }

    pub(super) fn again(&self) -> io::Result<Self> {
        Ok(Self { descriptor: self.descriptor.try_clone()?, device: self.device })
    }

    pub(super) fn judge(&self) -> io::Result<Owner> {
        let found = rustix::fs::fstat(&self.descriptor)?;
        let user = rustix::process::geteuid().as_raw();
        let permissions = permissions(&found);
        let others = permissions.intersects(Mode::WGRP.union(Mode::WOTH));
        #[allow(clippy::useless_conversion, reason = "shorter on other systems")]
        let mode = u32::from(permissions.bits());
        Ok(Owner { alone: found.st_uid == user && !others, mode, user })
    }

    /// Says whether nobody else holds it. The lock ends with the process, however that ends.
    pub(super) fn lock(&self) -> io::Result<bool> {
        match rustix::fs::flock(&self.descriptor, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A folder in this one; made if it is missing and that is wanted.
    pub(super) fn child(&self, name: &str, make: bool) -> io::Result<Option<Self>> {
        let open = || rustix::fs::openat(&self.descriptor, name, FOLDER, Mode::empty());
        let descriptor = match open() {
            Ok(descriptor) => descriptor,
            Err(Errno::NOENT) if !make => return Ok(None),
            Err(Errno::NOENT) => {
                rustix::fs::mkdirat(&self.descriptor, name, PRIVATE_FOLDER)?;
                open()?
            }
            Err(error) => return Err(error.into()),
        };
        let child = Self { device: device(&rustix::fs::fstat(&descriptor)?), descriptor };
        if child.device != self.device {
            return Err(io::Error::other("another file system is mounted on the way to it"));
        }
        if !child.judge()?.alone {
            return Err(io::Error::other("a folder on the way to it is not only this user's"));
        }
        Ok(Some(child))
    }

    /// Makes a file have this text, mode and owner, at once or not at all.
    pub(super) fn put(&self, file: &str, text: &[u8]) -> io::Result<Put> {
        if self.has(file, text).unwrap_or(false) {
            return Ok(Put::Same);
        }
        let begun = begun(file);
        self.remove_one(&begun)?;
        let written = self.write_new(&begun, text).and_then(|()| {
            Ok(rustix::fs::renameat(&self.descriptor, begun.as_str(), &self.descriptor, file)?)
        });
        if written.is_err() {
            let _ = self.remove_one(&begun);
        }
        written.map(|()| Put::Written)
    }

    fn write_new(&self, name: &str, text: &[u8]) -> io::Result<()> {
        let file = rustix::fs::openat(&self.descriptor, name, NEW, PRIVATE_FILE)?;
        // The process's mask may have taken more away.
        rustix::fs::fchmod(&file, PRIVATE_FILE)?;
        File::from(file).write_all(text)
    }

    /// Is this text there already, in a file that only we can read.
    fn has(&self, name: &str, text: &[u8]) -> io::Result<bool> {
        let file = rustix::fs::openat(&self.descriptor, name, READ, Mode::empty())?;
        let found = rustix::fs::fstat(&file)?;
        let ours = is_file(&found)
            && found.st_uid == rustix::process::geteuid().as_raw()
            && permissions(&found) == PRIVATE_FILE
            && found.st_nlink == 1
            && u64::try_from(found.st_size).ok() == u64::try_from(text.len()).ok();
        if !ours {
            return Ok(false);
        }
        let mut file = File::from(file);
        let mut piece = Zeroizing::new(vec![0; 64 << 10]);
        let mut left = text;
        loop {
            let read = file.read(&mut piece)?;
            let (Some(read), true) = (piece.get(..read), read > 0) else { return Ok(left.is_empty()) };
            let Some(rest) = left.strip_prefix(read) else { return Ok(false) };
            left = rest;
        }
    }

    /// All of a file, if it is there.
    pub(super) fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let file = match rustix::fs::openat(&self.descriptor, name, READ, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if !is_file(&rustix::fs::fstat(&file)?) {
            return Err(io::Error::other("it is not a file"));
        }
        let mut bytes = Vec::new();
        File::from(file).take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
            return Ok(Some(bytes));
        }
        Err(io::Error::other(format!("it is longer than {most} bytes")))
    }

    /// Removes a file, and what was begun of it.
    pub(super) fn remove(&self, file: &str) -> io::Result<()> {
        self.remove_one(file)?;
        self.remove_begun(file)
    }

    /// Removes what a process had begun to write of a file when it was killed.
    pub(super) fn remove_begun(&self, file: &str) -> io::Result<()> {
        self.remove_one(&begun(file))
    }

    fn remove_one(&self, name: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.descriptor, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a folder if it is empty; says whether it is gone.
    pub(super) fn remove_folder(&self, name: &str) -> bool {
        matches!(rustix::fs::unlinkat(&self.descriptor, name, AtFlags::REMOVEDIR), Ok(()) | Err(Errno::NOENT))
    }
}

/// Where a file's new text is until it is whole: always the same place, so that it is found again.
fn begun(file: &str) -> String {
    format!("{file}{RESERVED}")
}

fn is_file(found: &Stat) -> bool {
    FileType::from_raw_mode(found.st_mode) == FileType::RegularFile
}

fn permissions(found: &Stat) -> Mode {
    Mode::from_raw_mode(found.st_mode)
}

#[allow(clippy::useless_conversion, reason = "of another type on other systems")]
fn device(found: &Stat) -> u64 {
    u64::try_from(found.st_dev).unwrap_or(u64::MAX)
}
