//! The steps that a file of lines takes on the disk, each of them whole or not at all as far as the system can say.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::SystemTime;

/// What is done to the disk. A trait, so that a test can end the process between any two steps.
pub(super) trait Disk: Send + std::fmt::Debug {
    /// All of a file; `None` if there is none.
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// Adds to the end of a file in one write, and makes the file (mode 0640, less what the umask takes) if there is none.
    /// Says how much was written.
    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<usize>;
    /// Cuts a file.
    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()>;
    /// Makes a new file, with the mode of another, and waits until it is on the disk.
    fn create_like(&mut self, path: &Path, like: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file another name, in the place of a file that has it.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file; none is fine.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
    /// Names and times of last change of the files of a folder.
    fn list(&mut self, folder: &Path) -> io::Result<Vec<(String, SystemTime)>>;
}

/// The real one.
#[derive(Debug)]
pub(super) struct RealDisk;

impl Disk for RealDisk {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<usize> {
        OpenOptions::new().append(true).create(true).mode(0o640).open(path)?.write(bytes)
    }

    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.set_len(length)
    }

    fn create_like(&mut self, path: &Path, like: &Path, bytes: &[u8]) -> io::Result<()> {
        let mode = fs::metadata(like)?.permissions().mode();
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.set_permissions(fs::Permissions::from_mode(mode & 0o7777))?;
        file.sync_all()
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        match to.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn list(&mut self, folder: &Path) -> io::Result<Vec<(String, SystemTime)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if let (Ok(name), Ok(changed)) =
                (entry.file_name().into_string(), entry.metadata().and_then(|data| data.modified()))
            {
                files.push((name, changed));
            }
        }
        Ok(files)
    }
}
