//! The folder that a row is about, and what was opened before the drop.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use portcullis_wall::Needs;
use rustix::process::Pid;

/// ```text
/// file/keys        granted as a file
/// folder/          granted to read, laid out as kubelet does it: key → ..data/key, ..data → first
/// store/           granted to write
/// outside/keys     not granted
/// folder/outside   a link to outside/keys
/// ```
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    pub(crate) fn make(folder: &Path) -> Self {
        let place = Self::at(folder);
        for name in ["file", "folder/first", "folder/second", "store", "outside"] {
            fs::create_dir_all(place.path(name)).unwrap();
        }
        for name in ["file/keys", "outside/keys", "folder/first/key"] {
            fs::write(place.path(name), "old").unwrap();
        }
        fs::write(place.path("folder/second/key"), "new").unwrap();
        symlink("first", place.path("folder/..data")).unwrap();
        symlink("..data/key", place.path("folder/key")).unwrap();
        symlink(place.path("outside/keys"), place.path("folder/outside")).unwrap();
        place
    }

    pub(crate) fn needs(&self) -> Needs {
        Needs::new().read_file(self.path("file/keys")).read(self.path("folder")).write(self.path("store"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Reads a file that must hold this.
    pub(crate) fn holds(&self, name: &str, expected: &str) -> io::Result<()> {
        let found = fs::read_to_string(self.path(name))?;
        assert_eq!(found, expected, "{name}");
        Ok(())
    }

    /// Replaces a file as programs do that care: beside it, then by a rename.
    pub(crate) fn replace(&self, name: &str, content: &str) {
        let beside = self.path("outside/new");
        fs::write(&beside, content).unwrap();
        fs::rename(beside, self.path(name)).unwrap();
    }

    /// Turns a link to another target, as kubelet does.
    pub(crate) fn turn(&self, link: &str, target: &str) {
        let beside = self.path("folder/..tmp");
        symlink(target, &beside).unwrap();
        fs::rename(beside, self.path(link)).unwrap();
    }
}

/// What was found and opened with all rights.
pub(crate) struct Before {
    pub(crate) status: File,
    pub(crate) parent: Pid,
    pub(crate) listener: TcpListener,
}

impl Before {
    pub(crate) fn collect() -> Self {
        Self {
            status: File::open("/proc/self/status").unwrap(),
            parent: rustix::process::getppid().unwrap(),
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        }
    }
}
