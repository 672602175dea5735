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
    ports: BTreeSet<u16>,
    network: bool,
    descriptors: u64,
}

impl Needs {
    /// Nothing but what is open already.
    #[must_use]
    pub fn new() -> Self {
        Self {
            read: BTreeSet::new(),
            write: BTreeSet::new(),
            ports: BTreeSet::new(),
            network: false,
            descriptors: BASE_DESCRIPTORS,
        }
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

    /// Connecting to this TCP port, of whatever host: the kernel knows no more than ports.
    #[must_use]
    pub fn connect(mut self, port: u16) -> Self {
        self.ports.insert(port);
        self.network = true;
        self
    }

    /// Sockets at all: also those of this machine, which have no port.
    #[must_use]
    pub fn sockets(mut self) -> Self {
        self.network = true;
        self
    }

    /// Looking up names, as the system's resolver does it: its files, and name servers.
    #[must_use]
    pub fn resolve_names(mut self) -> Self {
        self.read.extend(RESOLVER.map(PathBuf::from));
        self.connect(DNS)
    }

    /// The places, for who wants to know when another folder or file has taken one: the kernel goes on with the old one.
    pub fn places(&self) -> impl Iterator<Item = &Path> {
        self.read.union(&self.write).map(PathBuf::as_path)
    }

    /// The same with descriptors for so many calls at once.
    #[must_use]
    pub fn at_once(mut self, calls: u32) -> Self {
        let each = self.descriptors.saturating_sub(BASE_DESCRIPTORS);
        self.descriptors = BASE_DESCRIPTORS.saturating_add(each.saturating_mul(calls.into()));
        self
    }

    pub(crate) fn ports(&self) -> impl Iterator<Item = u16> {
        self.ports.iter().copied()
    }

    pub(crate) fn has_network(&self) -> bool {
        self.network
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

/// Over TCP, where an answer is too long for UDP. UDP has no ports to the kernel's rules.
const DNS: u16 = 53;

/// What the C library reads to look up a name: its settings, its sources (shared libraries where the switch names them),
/// and the sources' own files. Files by their own place: what is beside them in `/etc` is not needed.
const RESOLVER: [&str; 14] = [
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ld.so.cache",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/etc/alternatives",
];

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

    #[test]
    fn more_calls_take_more_descriptors_and_no_other_place() {
        let needs = Needs::new().read("/a").write("/b").descriptors(10);
        assert_eq!(needs.clone().at_once(1), needs);
        assert_eq!(needs.clone().at_once(32).open_descriptors(), BASE_DESCRIPTORS + 320);
        assert_eq!(needs.clone().at_once(u32::MAX).places().collect::<Vec<_>>(), ["/a", "/b"].map(Path::new));
        assert_eq!(Needs::new().at_once(32), Needs::new());
    }

    #[test]
    fn there_is_no_network_unless_it_is_needed() {
        assert!(!Needs::new().read("/a").has_network());
        assert!(Needs::new().sockets().has_network());
        let needs = Needs::new().connect(8200).resolve_names();
        assert_eq!(needs.ports().collect::<Vec<_>>(), [53, 8200]);
        assert!(needs.has_network() && needs.read_only().any(|place| place == Path::new("/etc/hosts")));
    }
}
