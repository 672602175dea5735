//! What a process has to reach after the drop.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Descriptors for what is open already, for the engine and for loading components.
const BASE_DESCRIPTORS: u64 = 64;

/// The places that stay open to this process, and how many descriptors it may have. Everything else is given up.
///
/// A place is a folder with all that is below it. The kernel remembers the folder itself and not its name, so a file
/// is named by its parent folder: the file that replaces it atomically is then in reach, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    read: BTreeSet<PathBuf>,
    write: BTreeSet<PathBuf>,
    descriptors: u64,
}

impl Needs {
    /// Nothing but what is open already.
    #[must_use]
    pub fn new() -> Self {
        Self { read: BTreeSet::new(), write: BTreeSet::new(), descriptors: BASE_DESCRIPTORS }
    }

    /// Reading a file, and what replaces it.
    #[must_use]
    pub fn read_file(self, path: impl AsRef<Path>) -> Self {
        let place = place(path.as_ref());
        self.read(place)
    }

    /// Changing a file, and replacing it.
    #[must_use]
    pub fn write_file(self, path: impl AsRef<Path>) -> Self {
        let place = place(path.as_ref());
        self.write(place)
    }

    /// Reading all that is below a folder.
    #[must_use]
    pub fn read(mut self, folder: impl Into<PathBuf>) -> Self {
        self.read.insert(folder.into());
        self
    }

    /// Reading, making, changing and removing all that is below a folder.
    #[must_use]
    pub fn write(mut self, folder: impl Into<PathBuf>) -> Self {
        self.write.insert(folder.into());
        self
    }

    /// Descriptors open at once, beside those of the process itself.
    #[must_use]
    pub fn descriptors(mut self, more: u64) -> Self {
        self.descriptors = self.descriptors.saturating_add(more);
        self
    }

    /// Where reading is needed and changing is not.
    pub(crate) fn read_only(&self) -> impl Iterator<Item = &Path> {
        self.read.iter().filter(|place| !self.write.contains(*place)).map(PathBuf::as_path)
    }

    pub(crate) fn writable(&self) -> impl Iterator<Item = &Path> {
        self.write.iter().map(PathBuf::as_path)
    }

    pub(crate) fn open_descriptors(&self) -> u64 {
        self.descriptors
    }
}

impl Default for Needs {
    fn default() -> Self {
        Self::new()
    }
}

/// The folder that stands for a file. A file of the root folder stands for itself: its folder is everything.
fn place(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) if parent.parent().is_some() => parent.to_owned(),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_folder() {
        let rows = [
            ("/etc/secrets/keys.json", "/etc/secrets"),
            ("/keys.json", "/keys.json"),
            ("keys.json", "."),
            ("secrets/keys.json", "secrets"),
            ("/", "/"),
        ];
        for (path, expected) in rows {
            assert_eq!(place(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[test]
    fn what_may_be_changed_is_not_named_twice() {
        let needs = Needs::new().read("/a").read("/b").write("/b").descriptors(u64::MAX);
        assert_eq!(needs.read_only().collect::<Vec<_>>(), [Path::new("/a")]);
        assert_eq!(needs.writable().collect::<Vec<_>>(), [Path::new("/b")]);
        assert_eq!(needs.open_descriptors(), u64::MAX);
    }
}
