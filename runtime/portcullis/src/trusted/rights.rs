//! Mode and owner of a file, as operators read them.

use std::io;
use std::path::Path;

/// What `ls -l` would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRights {
    /// Type and permissions, as the system has them: `0o100600`.
    pub mode: u32,
    /// The owner's name, or that it has none.
    pub owner: String,
    /// The group's name, or that it has none.
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
            owner: USERS.name(metadata.uid()),
            group: GROUPS.name(metadata.gid()),
        })
    }

    /// Windows has other rights, which are not read yet.
    #[cfg(not(unix))]
    pub(crate) fn of(_path: &Path) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "rights are not read on this system"))
    }
}

/// A local file of names. No directory service is asked.
#[cfg(unix)]
struct Names {
    path: &'static str,
    /// What its numbers are called.
    number: &'static str,
}

#[cfg(unix)]
const USERS: Names = Names { path: "/etc/passwd", number: "UID" };
#[cfg(unix)]
const GROUPS: Names = Names { path: "/etc/group", number: "GID" };

#[cfg(unix)]
impl Names {
    fn name(&self, number: u32) -> String {
        match std::fs::read_to_string(self.path) {
            Ok(text) => self.name_in(&text, number),
            Err(error) => self.none(number, &format!("cannot read {}: {error}", self.path)),
        }
    }

    /// The first name with this number in the file's text; that there is none, in the agent's words.
    fn name_in(&self, text: &str, number: u32) -> String {
        let of_line = |line: &str| {
            let mut fields = line.split(':');
            // A comment, or a reference to a directory service.
            let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with(['#', '+', '-']))?;
            let found: u32 = fields.nth(1)?.parse().ok()?;
            (found == number).then(|| name.to_owned())
        };
        let found = text.lines().find_map(of_line);
        found.unwrap_or_else(|| self.none(number, &format!("{} does not have it", self.path)))
    }

    fn none(&self, number: u32, why: &str) -> String {
        format!("could not fetch name for {} {number}: {why}", self.number)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/sh
# dd:x:1000:1000::/:/bin/sh
dd-agent:x:1000:1001:an agent, or two:/opt/agent:/usr/sbin/nologin
second-name-of-it:x:1000:1000::/:/bin/sh
short:x
+::::::
+of-a-service:x:1005::::
-of-a-service:x:1005::::
:x:1002::::
not-a-number:x:10x:0::/:/bin/sh
group-of-1003:x:1:1003::/:/bin/sh
largest:x:4294967295:0::/:/bin/sh
no-end:x:1004";

    const GROUP: &str = "root:x:0:\ndocker:x:998:dd-agent,root\ndd-agent:x:1001:\n";

    #[test]
    fn numbers_have_the_names_of_the_local_files() {
        let none_of_1003 = "could not fetch name for UID 1003: /etc/passwd does not have it";
        for (names, text, number, expected) in [
            (USERS, PASSWD, 0, "root"),
            // The first of two, as the system's own look-up; a comment is none.
            (USERS, PASSWD, 1000, "dd-agent"),
            (USERS, PASSWD, u32::MAX, "largest"),
            // The last line needs no end.
            (USERS, PASSWD, 1004, "no-end"),
            // A group's number is none of a user, and an entry without a name has none.
            (USERS, PASSWD, 1003, none_of_1003),
            (USERS, PASSWD, 1002, "could not fetch name for UID 1002: /etc/passwd does not have it"),
            (USERS, PASSWD, 10, "could not fetch name for UID 10: /etc/passwd does not have it"),
            (USERS, "", 0, "could not fetch name for UID 0: /etc/passwd does not have it"),
            (USERS, PASSWD, 1005, "could not fetch name for UID 1005: /etc/passwd does not have it"),
            (GROUPS, GROUP, 0, "root"),
            (GROUPS, GROUP, 998, "docker"),
            (GROUPS, GROUP, 1001, "dd-agent"),
            (GROUPS, GROUP, 1000, "could not fetch name for GID 1000: /etc/group does not have it"),
        ] {
            assert_eq!(names.name_in(text, number), expected, "{} {number}", names.number);
        }
    }

    #[test]
    fn a_file_of_names_that_cannot_be_read_is_said() {
        let names = Names { path: "/nowhere/passwd", number: "UID" };
        let says = "could not fetch name for UID 7: cannot read /nowhere/passwd: No such file or directory";
        assert!(names.name(7).starts_with(says), "{}", names.name(7));
    }

    #[test]
    fn a_file_has_its_mode_with_its_kind() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = tempfile::NamedTempFile::new().unwrap();
        for mode in [0o700, 0o640, 0o4711] {
            file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(FileRights::of(file.path()).unwrap().mode, 0o100_000 | mode);
        }
        let missing = FileRights::of(Path::new("/nowhere/file")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
