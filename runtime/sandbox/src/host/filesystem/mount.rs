//! Opening what the policy grants, anew for each batch.
//!
//! A folder grant becomes a preopened folder. File grants become *portals*: virtual folders, one for each parent folder
//! in the guest's view, in which exactly the granted names exist. Nothing is held between batches, so that a file or
//! folder which was replaced atomically, and kubelet's `..data` links, are followed to what is there now.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use portcullis_policy::AuthorizedMount;
use tokio::task::JoinHandle;

use super::descriptor::{Descriptor, Folder, Portal, PortalFile};
use super::system;

/// A preopened descriptor with the path that the guest knows it by.
pub(super) type Preopen = (Descriptor, String);

/// The granted folders and files of one call: opened on the blocking pool, because a disk that hangs must not hold the
/// runtime, and while the guest is instantiated. Only a guest that asks for them waits.
#[derive(Debug)]
pub(crate) enum Mounts {
    /// Not opened yet, or nobody has asked.
    Opening(JoinHandle<Vec<Preopen>>),
    /// Open.
    Open(Vec<Preopen>),
}

impl Mounts {
    /// Starts to open every grant. Must be called within a Tokio runtime.
    pub(crate) fn open(mounts: Vec<AuthorizedMount>) -> Self {
        if mounts.is_empty() {
            return Self::Open(Vec::new());
        }
        Self::Opening(tokio::task::spawn_blocking(move || open(mounts)))
    }

    /// What was there, once all is open.
    pub(super) async fn preopens(&mut self) -> &[Preopen] {
        if let Self::Opening(opening) = self {
            // Without an answer the pool is shutting down: the guest finds nothing, and the call ends with the runtime.
            *self = Self::Open(opening.await.unwrap_or_default());
        }
        match self {
            Self::Open(preopens) => preopens,
            Self::Opening(_) => &[],
        }
    }
}

/// Opens every grant that is there. One whose target is missing is no error: the guest will find nothing.
pub(super) fn open(mounts: Vec<AuthorizedMount>) -> Vec<Preopen> {
    let mut preopens = Vec::new();
    let mut portals: BTreeMap<String, BTreeMap<String, PortalFile>> = BTreeMap::new();
    for mount in mounts {
        match Dir::open_ambient_dir(mount.host(), ambient_authority()) {
            Ok(dir) if !system::is_kernel_interface(&dir) => {
                let guest = mount.guest().to_owned();
                preopens.push((Descriptor::Folder(Folder::new(dir, mount)), guest));
            }
            // Not a folder, not there, or the kernel's own: shown by name in its parent, where opening says which it is.
            Ok(_) | Err(_) => {
                let (parent, name) = split_guest(mount.guest());
                let portal = portals.entry(parent).or_default();
                if let Some(file) = portal_file(mount) {
                    portal.insert(name, file);
                }
            }
        }
    }
    preopens.extend(
        portals.into_iter().map(|(guest, files)| (Descriptor::Portal(Arc::new(Portal::new(files))), guest)),
    );
    preopens
}

/// The parent's descriptor and the name in it. `None` where there is no such parent: then there is no such file.
fn portal_file(mount: AuthorizedMount) -> Option<PortalFile> {
    let host = mount.host();
    let name = PathBuf::from(host.file_name()?);
    let parent = match host.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => std::path::Path::new("."),
    };
    let parent = Dir::open_ambient_dir(parent, ambient_authority()).ok()?;
    Some(PortalFile::new(parent, name, mount))
}

/// The guest's path as (parent, name): `/etc/dd/s.json` → (`/etc/dd`, `s.json`), `s.json` → (`.`, `s.json`).
fn split_guest(guest: &str) -> (String, String) {
    match guest.trim_end_matches('/').rsplit_once('/') {
        Some(("", name)) => ("/".to_owned(), name.to_owned()),
        Some((parent, name)) => (parent.to_owned(), name.to_owned()),
        None => (".".to_owned(), guest.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_path_has_a_parent_and_a_name() {
        for (guest, parent, name) in [
            ("/etc/dd/s.json", "/etc/dd", "s.json"),
            ("/s.json", "/", "s.json"),
            ("s.json", ".", "s.json"),
            ("./s.json", ".", "s.json"),
            ("a/b", "a", "b"),
        ] {
            assert_eq!(split_guest(guest), (parent.to_owned(), name.to_owned()), "{guest}");
        }
    }
}
