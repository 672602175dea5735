//! A folder that nobody else can write, and its files: all by the folder's descriptor, which cannot be swapped.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::StoreError;
use system::{owner_and_mode, whats_wrong_with};

/// The open folder.
#[derive(Debug)]
pub(super) struct Folder {
    dir: Dir,
    path: PathBuf,
}

impl Folder {
    /// Opens it; with `make` it is made (mode 0700) where it is missing and its parent is there. Links are followed: the
    /// folder that they lead to is the one that is looked at.
    pub(super) fn open(path: PathBuf, make: bool) -> Result<Self, StoreError> {
        match Self::descriptor(&path, make) {
            Ok((dir, metadata)) => match system::whats_wrong_with_folder(&metadata) {
                true => Err(StoreError::NotPrivate { folder: path, found: owner_and_mode(&metadata) }),
                false => Ok(Self { dir, path }),
            },
            Err(source) => Err(StoreError::Io { folder: path, source }),
        }
    }

    fn descriptor(path: &Path, make: bool) -> io::Result<(Dir, Metadata)> {
        let dir = match Dir::open_ambient_dir(path, ambient_authority()) {
            Err(error) if make && error.kind() == io::ErrorKind::NotFound => {
                match system::make(path) {
                    // Another process may have made it meanwhile.
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                    _ => Dir::open_ambient_dir(path, ambient_authority())?,
                }
            }
            opened => opened?,
        };
        let metadata = dir.dir_metadata()?;
        Ok((dir, metadata))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a file that only its owner, this user, can have written.
    pub(super) fn file(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No);
        system::never_wait(&mut options);
        let file = self.dir.open_with(name, &options)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        match whats_wrong_with(&metadata) {
            Some(wrong) => Err(io::Error::other(wrong)),
            None => Ok(file.into_std()),
        }
    }

    /// Makes a new file that only its owner can read and nobody can write later.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        system::read_only(&mut options);
        Ok(self.dir.open_with(name, &options)?.into_std())
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.dir.rename(from, &self.dir, to)
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        self.dir.remove_file(name)
    }

    /// Names of all entries, and what they are without following a link. Names that are no text are left out: ours are.
    pub(super) fn entries(&self) -> io::Result<Vec<(String, Metadata)>> {
        let mut entries = Vec::new();
        for entry in self.dir.entries()? {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            match self.dir.symlink_metadata(&name) {
                Ok(metadata) => entries.push((name, metadata)),
                // Another process has just removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entries)
    }
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::os::unix::fs::DirBuilderExt as _;
    use std::path::Path;

    use cap_std::fs::{Metadata, MetadataExt as _, OpenOptions, OpenOptionsExt as _};

    pub(super) fn make(path: &Path) -> io::Result<()> {
        std::fs::DirBuilder::new().mode(0o700).create(path)
    }

    pub(super) fn whats_wrong_with_folder(metadata: &Metadata) -> bool {
        metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o077 != 0
    }

    /// A file that this user alone can have written has one name; it has none where it has just been replaced.
    pub(super) fn whats_wrong_with(metadata: &Metadata) -> Option<String> {
        if metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o022 != 0 {
            return Some(format!("others could have written it ({})", owner_and_mode(metadata)));
        }
        (metadata.nlink() > 1).then(|| format!("it has {} names (hard links)", metadata.nlink()))
    }

    pub(super) fn owner_and_mode(metadata: &Metadata) -> String {
        format!("owner {}, mode {:04o}", metadata.uid(), metadata.mode() & 0o7777)
    }

    /// No FIFO is waited for.
    pub(super) fn never_wait(options: &mut OpenOptions) {
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }

    pub(super) fn read_only(options: &mut OpenOptions) {
        options.mode(0o400);
    }
}

/// Owner and mode are what only Unix can say.
#[cfg(not(unix))]
mod system {
    use std::io;
    use std::path::Path;

    use cap_std::fs::{Metadata, OpenOptions};

    pub(super) fn make(path: &Path) -> io::Result<()> {
        std::fs::create_dir(path)
    }

    pub(super) fn whats_wrong_with_folder(_: &Metadata) -> bool {
        false
    }

    pub(super) fn whats_wrong_with(_: &Metadata) -> Option<String> {
        None
    }

    pub(super) fn owner_and_mode(_: &Metadata) -> String {
        String::new()
    }

    pub(super) fn never_wait(_: &mut OpenOptions) {}

    pub(super) fn read_only(_: &mut OpenOptions) {}
}
