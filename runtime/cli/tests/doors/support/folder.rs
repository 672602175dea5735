//! A fresh private folder, whatever the umask.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of an entry, as text.
    pub(crate) fn at(&self, name: &str) -> String {
        self.path().join(name).into_os_string().into_string().unwrap()
    }

    /// Writes a file, readable by its owner only, and the folders above it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        let parent = path.parent().unwrap();
        fs::create_dir_all(parent).unwrap();
        for folder in parent.ancestors().take_while(|folder| *folder != self.path()) {
            set_mode(folder, 0o700);
        }
        fs::write(&path, content).unwrap();
        set_mode(&path, 0o600);
        path
    }

    /// Makes a private folder.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(&path).unwrap();
        set_mode(&path, 0o700);
        path
    }

    /// Writes a file below `mounted` as kubelet writes a secret: `NAME -> ..data/NAME`, `..data -> ..TIME`, swapped as a whole.
    pub(crate) fn mount(&self, time: &str, name: &str, text: &str) {
        self.write(&format!("mounted/..{time}/{name}"), text);
        let mounted = self.path().join("mounted");
        symlink(format!("..{time}"), mounted.join("..data_tmp")).unwrap();
        fs::rename(mounted.join("..data_tmp"), mounted.join("..data")).unwrap();
        if !mounted.join(name).exists() {
            symlink(format!("..data/{name}"), mounted.join(name)).unwrap();
        }
    }

    /// Every path below, in order: what is there before and after a run is compared by this.
    pub(crate) fn listing(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                }
                found.push(entry.path());
            }
        }
        found.sort();
        found
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
