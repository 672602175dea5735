//! A granted file or folder.

use std::path::{Component, Path, PathBuf};

use super::{AuthorizedOperation, FileOperation};
use crate::{Denial, ProviderName, Reason};

/// What a guest may do below a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileAccess {
    /// Look and read. The default.
    Read,
    /// Also create, change and remove.
    Write,
}

impl FileAccess {
    /// The spelling in a policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// One file or folder of the host, at one path of the guest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mount {
    pub(super) host: PathBuf,
    pub(super) guest: String,
    pub(super) access: FileAccess,
}

/// A mount that a policy cannot grant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MountError {
    /// The host path is not absolute.
    #[error("`{}` is no absolute path: write it from the root", .path.display())]
    Relative {
        /// The path as given.
        path: PathBuf,
    },
    /// The host path has a `..` segment, so that links decide where it leads.
    #[error("`{}` has a `..` segment: write the path that is meant", .path.display())]
    Upwards {
        /// The path as given.
        path: PathBuf,
    },
    /// The whole file system.
    #[error("`{}` is the whole file system: name the file or folder that the provider needs", .path.display())]
    Root {
        /// The path as given.
        path: PathBuf,
    },
    /// A path that no guest can ask for.
    #[error("`{}` is no guest path: use a path without empty, `.` and `..` segments", .path.escape_debug())]
    Guest {
        /// The path as given.
        path: String,
    },
}

impl Mount {
    /// A grant of `host` (a file or a folder) at `guest`.
    ///
    /// # Errors
    /// When the host path is relative, goes upwards or is the root, or the guest path is not clean.
    pub fn new(
        host: impl Into<PathBuf>,
        guest: impl Into<String>,
        access: FileAccess,
    ) -> Result<Self, MountError> {
        let (host, guest) = (host.into(), guest.into());
        if !host.is_absolute() {
            return Err(MountError::Relative { path: host });
        }
        if host.components().any(|part| part == Component::ParentDir) {
            return Err(MountError::Upwards { path: host });
        }
        if host.parent().is_none() {
            return Err(MountError::Root { path: host });
        }
        let relative = guest.strip_prefix('/').unwrap_or(&guest);
        if relative.contains('\0') || relative.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(MountError::Guest { path: guest });
        }
        Ok(Self { host, guest, access })
    }

    /// The path on the host.
    pub fn host(&self) -> &Path {
        &self.host
    }

    /// The path that the guest sees.
    pub fn guest(&self) -> &str {
        &self.guest
    }

    /// Whether the guest may change it.
    pub const fn access(&self) -> FileAccess {
        self.access
    }
}

/// A mount that the filesystem host may open, for one batch.
/// Made by [`Policy::decide_mounts`](crate::Policy::decide_mounts) and nowhere else.
#[derive(Clone, Debug)]
pub struct AuthorizedMount {
    provider: ProviderName,
    mount: Mount,
}

impl AuthorizedMount {
    pub(crate) const fn new(provider: ProviderName, mount: Mount) -> Self {
        Self { provider, mount }
    }

    /// The path on the host.
    pub fn host(&self) -> &Path {
        self.mount.host()
    }

    /// The path that the guest sees.
    pub fn guest(&self) -> &str {
        self.mount.guest()
    }

    /// Whether the guest may change it.
    pub const fn access(&self) -> FileAccess {
        self.mount.access()
    }

    /// The one decision about an operation below this mount.
    ///
    /// # Errors
    /// `fs.readonly` when the operation changes something and the mount is read-only.
    pub fn decide(&self, operation: FileOperation) -> Result<AuthorizedOperation, Denial> {
        if operation.changes() && self.access() == FileAccess::Read {
            let message =
                format!("{} below {}, which is granted read-only", operation.as_str(), self.guest());
            return Err(Denial::new(&self.provider, Reason::FsReadonly, message));
        }
        Ok(AuthorizedOperation::new(operation))
    }
}

impl std::fmt::Display for Mount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Debug of a path quotes it and escapes controls.
        write!(f, "{} {:?}", self.access.as_str(), self.host)?;
        if self.host.to_str() == Some(self.guest.as_str()) {
            Ok(())
        } else {
            write!(f, " at {:?}", self.guest)
        }
    }
}
