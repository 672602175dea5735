//! Whether a file that decides about authority may be believed.
//!
//! Whoever can change a policy, a component or a credential file decides what the process does. This module holds the
//! rule; whoever opens the file collects the facts from the opened descriptor and its folders.

use std::path::{Path, PathBuf};

/// Write permission of group and others.
const GROUP_WRITE: u32 = 0o020;
const OTHER_WRITE: u32 = 0o002;
/// In a sticky folder only the owner of an entry can replace it.
const STICKY: u32 = 0o1000;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A regular file.
    Regular,
    /// A folder.
    Directory,
    /// A device, FIFO, socket or link.
    Other,
}

/// What is known of an opened file. `mode` holds the permission bits of `stat`, the sticky bit included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// The path that was opened, for messages.
    pub path: PathBuf,
    /// What it is.
    pub kind: FileKind,
    /// Its owner.
    pub owner: u32,
    /// Its permission bits.
    pub mode: u32,
    /// The user that the process runs as.
    pub effective_user: u32,
    /// Every folder from the root down to the file's own.
    pub chain: Vec<FolderFacts>,
}

/// What is known of one folder above a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFacts {
    /// Its path, for messages.
    pub path: PathBuf,
    /// Its owner.
    pub owner: u32,
    /// Its permission bits.
    pub mode: u32,
}

/// The rule: regular, owned by root or the effective user, not writable by group or others, and the same for every
/// folder above (where a sticky bit makes up for write permission).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrustRule {
    allow_group_write: bool,
}

/// A file that the rule accepted. Made by [`TrustRule::decide`] and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedFile {
    path: PathBuf,
}

impl TrustedFile {
    /// The path that was judged.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Why a file is not believed, and the command that mends it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not a regular file.
    #[error("{}: expected a regular file, found {}", .path.display(), match .kind {
        FileKind::Directory => "a folder",
        _ => "a device, FIFO or socket",
    })]
    Kind {
        /// The path.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// Another user owns it, and could change it at any time.
    #[error("{}: owned by user {owner} (mode {mode:04o}), and neither by root nor by user {effective_user}, who runs this: \
             chown root {}", .path.display(), shell(.path))]
    Owner {
        /// The file or folder.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Its permission bits.
        mode: u32,
        /// The user that the process runs as.
        effective_user: u32,
    },
    /// Others may write to it.
    #[error("{}: mode {mode:04o} (owner {owner}) lets {} change it: chmod {} {}", .path.display(),
            if .mode & OTHER_WRITE != 0 { "everybody" } else { "its group" },
            if *.group_write_allowed { "o-w" } else { "go-w" }, shell(.path))]
    Writable {
        /// The file or folder.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Its permission bits.
        mode: u32,
        /// Whether the rule in force lets the group write.
        group_write_allowed: bool,
    },
}

impl TrustRule {
    /// The rule as it is.
    pub const fn strict() -> Self {
        Self { allow_group_write: false }
    }

    /// The rule with write permission of groups taken (`--allow-group-write`).
    pub const fn allow_group_write() -> Self {
        Self { allow_group_write: true }
    }

    /// Whether the file may be believed.
    ///
    /// # Errors
    /// On the first fact that speaks against it, the file's own first, then folders from the root down.
    pub fn decide(&self, facts: &FileFacts) -> Result<TrustedFile, TrustError> {
        if facts.kind != FileKind::Regular {
            return Err(TrustError::Kind { path: facts.path.clone(), kind: facts.kind });
        }
        self.check(&facts.path, facts.owner, facts.mode, 0, facts.effective_user)?;
        for folder in &facts.chain {
            self.check(&folder.path, folder.owner, folder.mode, STICKY, facts.effective_user)?;
        }
        Ok(TrustedFile { path: facts.path.clone() })
    }

    /// `redeeming` are mode bits that make up for write permission.
    fn check(
        &self,
        path: &Path,
        owner: u32,
        mode: u32,
        redeeming: u32,
        effective_user: u32,
    ) -> Result<(), TrustError> {
        if owner != 0 && owner != effective_user {
            return Err(TrustError::Owner { path: path.to_owned(), owner, mode, effective_user });
        }
        let refused = if self.allow_group_write { OTHER_WRITE } else { GROUP_WRITE | OTHER_WRITE };
        if mode & refused != 0 && mode & redeeming == 0 {
            let group_write_allowed = self.allow_group_write;
            return Err(TrustError::Writable { path: path.to_owned(), owner, mode, group_write_allowed });
        }
        Ok(())
    }
}

/// A path as one word of a command line.
fn shell(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-+,=@%".contains(&b);
    if text.bytes().all(plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: u32 = 1000;

    fn facts(owner: u32, mode: u32, folder_owner: u32, folder_mode: u32) -> FileFacts {
        FileFacts {
            path: "/etc/p q/f".into(),
            kind: FileKind::Regular,
            owner,
            mode,
            effective_user: ME,
            chain: vec![
                FolderFacts { path: "/".into(), owner: 0, mode: 0o755 },
                FolderFacts { path: "/etc/p q".into(), owner: folder_owner, mode: folder_mode },
            ],
        }
    }

    type Verdict = Result<(), &'static str>;

    /// File owner and mode, folder owner and mode, verdict of the strict rule, verdict with group write.
    const TABLE: &[(u32, u32, u32, u32, Verdict, Verdict)] = &[
        (0, 0o644, 0, 0o755, Ok(()), Ok(())),
        (ME, 0o600, ME, 0o700, Ok(()), Ok(())),
        (ME, 0o400, 0, 0o1777, Ok(()), Ok(())),
        (7, 0o600, 0, 0o755, Err("chown root '/etc/p q/f'"), Err("chown root '/etc/p q/f'")),
        (0, 0o600, 7, 0o755, Err("chown root '/etc/p q'"), Err("chown root '/etc/p q'")),
        (0, 0o664, 0, 0o755, Err("chmod go-w '/etc/p q/f'"), Ok(())),
        (0, 0o646, 0, 0o755, Err("chmod go-w '/etc/p q/f'"), Err("chmod o-w '/etc/p q/f'")),
        (0, 0o1666, 0, 0o755, Err("chmod go-w '/etc/p q/f'"), Err("chmod o-w '/etc/p q/f'")),
        (0, 0o644, 0, 0o775, Err("chmod go-w '/etc/p q'"), Ok(())),
        (0, 0o644, 0, 0o777, Err("chmod go-w '/etc/p q'"), Err("chmod o-w '/etc/p q'")),
        (0, 0o644, 7, 0o1777, Err("chown root '/etc/p q'"), Err("chown root '/etc/p q'")),
    ];

    #[test]
    fn verdicts_follow_owner_and_mode_and_name_the_remedy() {
        for (owner, mode, folder_owner, folder_mode, strict, group) in TABLE {
            let facts = facts(*owner, *mode, *folder_owner, *folder_mode);
            for (rule, expected) in [(TrustRule::strict(), strict), (TrustRule::allow_group_write(), group)] {
                let verdict = rule.decide(&facts).map(|_| ()).map_err(|error| error.to_string());
                match (&verdict, expected) {
                    (Ok(()), Ok(())) => {}
                    (Err(message), Err(remedy)) => assert!(message.ends_with(remedy), "{message}"),
                    _ => panic!("{facts:?} {rule:?}: {verdict:?}, expected {expected:?}"),
                }
            }
        }
    }

    #[test]
    fn only_regular_files_are_believed() {
        for kind in [FileKind::Directory, FileKind::Other] {
            let facts = FileFacts { kind, ..facts(0, 0o644, 0, 0o755) };
            assert!(matches!(TrustRule::strict().decide(&facts), Err(TrustError::Kind { .. })));
        }
    }

    #[test]
    fn the_message_names_path_mode_and_owner() {
        let error = TrustRule::strict().decide(&facts(0, 0o664, 0, 0o755)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "/etc/p q/f: mode 0664 (owner 0) lets its group change it: chmod go-w '/etc/p q/f'"
        );
    }
}
