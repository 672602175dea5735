//! The ceiling's side of files and folders, and the intersection with what a provider is granted.

use std::path::{Path, PathBuf};

use super::{FileAccess, Mount};

/// An upper bound: at most this access, to this file or folder and what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBound {
    host: PathBuf,
    access: FileAccess,
}

impl FileBound {
    /// A bound on everything at or below `host`; nothing where the path is relative or goes upwards.
    pub fn new(host: impl Into<PathBuf>, access: FileAccess) -> Option<Self> {
        let host = host.into();
        let upwards = host.components().any(|part| part == std::path::Component::ParentDir);
        (host.is_absolute() && !upwards).then_some(Self { host, access })
    }

    /// The bounded path.
    pub fn host(&self) -> &Path {
        &self.host
    }

    /// The most that a mount may do there.
    pub const fn access(&self) -> FileAccess {
        self.access
    }
}

/// What both the mounts and the bounds allow. A mount above a bound becomes a mount of the bound's path, at the guest
/// path where the guest would have found it. Where two results would share a guest path, the mount that was written for
/// that path stays.
pub(crate) fn intersect(mounts: &[Mount], bounds: &[FileBound]) -> Vec<Mount> {
    let whole = mounts.iter().filter_map(|mount| {
        let access = bounds
            .iter()
            .filter(|bound| mount.host.starts_with(&bound.host))
            .map(|bound| bound.access)
            .max()?;
        Some(Mount { access: access.min(mount.access), ..mount.clone() })
    });
    let mut result: Vec<Mount> = whole.collect();
    let wholes = result.len();
    for mount in mounts {
        for bound in bounds {
            let Some(narrower) = below(mount, bound) else { continue };
            let is_granted = |other: &Mount| {
                narrower.host.starts_with(&other.host)
                    && other.access >= narrower.access
                    && mount.guest == other.guest
            };
            let is_taken =
                mounts.iter().chain(result.iter().skip(wholes)).any(|other| other.guest == narrower.guest);
            if !is_taken && !result.iter().take(wholes).any(is_granted) {
                result.push(narrower);
            }
        }
    }
    result
}

/// The part of `mount` that lies within a bound strictly below it.
fn below(mount: &Mount, bound: &FileBound) -> Option<Mount> {
    let rest = bound.host.strip_prefix(&mount.host).ok()?.to_str()?;
    if rest.is_empty() {
        return None;
    }
    let guest = format!("{}/{rest}", mount.guest);
    Some(Mount { host: bound.host.clone(), guest, access: mount.access.min(bound.access) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a list of mounts allows at a host path: the most that any of them allows.
    fn allowed(pairs: &[(PathBuf, FileAccess)], path: &Path) -> Option<FileAccess> {
        pairs.iter().filter(|(host, _)| path.starts_with(host)).map(|(_, access)| *access).max()
    }

    fn path() -> impl Strategy<Value = PathBuf> {
        prop::collection::vec(prop::sample::select(vec!["a", "b", "ab"]), 1..4)
            .prop_map(|parts| PathBuf::from(format!("/{}", parts.join("/"))))
    }

    fn grants() -> impl Strategy<Value = Vec<(PathBuf, FileAccess)>> {
        prop::collection::vec((path(), prop::sample::select(vec![FileAccess::Read, FileAccess::Write])), 0..4)
    }

    proptest! {
        #[test]
        fn both_sides_must_allow(mounts in grants(), bounds in grants(), path in path()) {
            let as_mount = |(at, (host, access)): (usize, &(PathBuf, FileAccess))| {
                Mount::new(host, format!("/g{at}"), *access).unwrap()
            };
            let mount_list: Vec<_> = mounts.iter().enumerate().map(as_mount).collect();
            let bound_list: Vec<_> = bounds.iter().map(|(host, access)| FileBound::new(host, *access).unwrap()).collect();
            let result: Vec<_> = intersect(&mount_list, &bound_list).into_iter().map(|m| (m.host, m.access)).collect();
            let expected = match (allowed(&mounts, &path), allowed(&bounds, &path)) {
                (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
                _ => None,
            };
            prop_assert_eq!(allowed(&result, &path), expected);
        }
    }

    #[test]
    fn a_folder_above_the_bound_shrinks_to_it() {
        let mounts = [Mount::new("/etc", "/conf", FileAccess::Write).unwrap()];
        let bounds = [FileBound::new("/etc/portcullis", FileAccess::Read).unwrap()];
        let expected = Mount::new("/etc/portcullis", "/conf/portcullis", FileAccess::Read).unwrap();
        assert_eq!(intersect(&mounts, &bounds), [expected]);
        assert_eq!(intersect(&mounts, &[FileBound::new("/etc2", FileAccess::Read).unwrap()]), []);
        assert_eq!(intersect(&mounts, &[FileBound::new("/", FileAccess::Write).unwrap()]), mounts);
    }
}
