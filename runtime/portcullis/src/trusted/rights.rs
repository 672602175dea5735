//! Mode and owner of a file, as operators read them.

use std::io;
use std::path::Path;

/// What `ls -l` would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRights {
    /// Type and permissions, as the system has them: `0o100600`.
    pub mode: u32,
    /// The owner's number.
    pub owner: String,
    /// The group's number.
    pub group: String,
}

impl FileRights {
    /// Those of the file at `path`, through links.
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = std::fs::metadata(path)?;
        Ok(Self {
            mode: metadata.mode(),
            owner: name("/etc/passwd", metadata.uid()),
            group: name("/etc/group", metadata.gid()),
        })
    }

    /// Windows has other rights, which are not read yet.
    #[cfg(not(unix))]
    pub(crate) fn of(_path: &Path) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "rights are not read on this system"))
    }
}

/// The name that a local user or group has; its number where it has none there. No directory service is asked.
#[cfg(unix)]
fn name(database: &str, number: u32) -> String {
    let text = std::fs::read_to_string(database).unwrap_or_default();
    let number = number.to_string();
    let of_line = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number).then(|| name.to_owned())
    };
    text.lines().find_map(of_line).unwrap_or(number)
}
