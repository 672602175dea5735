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
pub struct Stamp {
    files: BTreeMap<PathBuf, Option<Facts>>,
    /// Device and number of what is at a place, if there is something.
    places: BTreeMap<PathBuf, Option<(u64, u64)>>,
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
        let files = paths
            .map(|path| {
                let facts = fs::metadata(&path).ok().map(|found| Facts::of(&found));
                (path, facts)
            })
            .collect();
        Self { files, places: BTreeMap::new() }
    }

    /// And of these places: whether something else is there now, whatever becomes of its contents.
    #[must_use]
    pub fn and_places(mut self, paths: impl Iterator<Item = PathBuf>) -> Self {
        self.places.extend(paths.map(|path| {
            let identity = fs::metadata(&path).ok().map(|found| (found.dev(), found.ino()));
            (path, identity)
        }));
        self
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
