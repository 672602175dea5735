//! Has anything changed.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

/// What the file system says of all files, without their bytes. Equal stamps: nothing to read anew.
///
/// Links are followed, so a swap of kubelet's `..data` changes it. A text of the same length that is written into the same
/// file within one tick of the file system's clock does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp(BTreeMap<PathBuf, Option<Facts>>);

/// Which folder or file is at each of some places, whatever becomes of its contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<PathBuf, Option<(u64, u64)>>);

impl Places {
    /// What is at these, if there is something. Links are followed.
    pub fn of(paths: impl Iterator<Item = PathBuf>) -> Self {
        let identity = |path: &PathBuf| fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
        Self(paths.map(|path| (path.clone(), identity(&path))).collect())
    }

    /// The same places as they are now.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::of(self.0.keys().cloned())
    }
}

/// Of one file, if it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    file: (u64, u64),
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// Of these files, whether they are there or not.
    pub fn of(paths: impl Iterator<Item = PathBuf>) -> Self {
        Self(
            paths
                .map(|path| {
                    let facts = fs::metadata(&path).ok().map(|found| Facts::of(&found));
                    (path, facts)
                })
                .collect(),
        )
    }
}

impl Facts {
    fn of(found: &Metadata) -> Self {
        Self {
            file: (found.dev(), found.ino()),
            size: found.size(),
            written: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_what_is_there_and_not_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = || Places::of([at("keys"), at("link")].into_iter());
        let nothing = places();
        fs::create_dir(at("keys")).unwrap();
        let made = places();
        assert_ne!(made, nothing);
        assert_eq!(nothing.again(), made);
        fs::write(at("keys/s.json"), "{}").unwrap();
        assert_eq!(made.again(), made);
        std::os::unix::fs::symlink("keys", at("link")).unwrap();
        let linked = places();
        assert_ne!(linked, made);
        fs::rename(at("keys"), at("old")).unwrap();
        fs::create_dir(at("keys")).unwrap();
        assert_ne!(linked.again(), linked);
        assert_eq!(Places::default().again(), Places::default());
    }
}
