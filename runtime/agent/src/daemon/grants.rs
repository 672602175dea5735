//! The files that backends are granted, and whether they have changed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use portcullis::Secrets;

use crate::configs::Stamp;

/// Entries of a granted folder that are looked at. Folders of secrets have tens.
const ENTRIES: usize = 1_000;

/// The state of each provider's files, by its name.
#[derive(Debug)]
pub(super) struct Grants(BTreeMap<String, Stamp>);

impl Grants {
    /// As it is now.
    pub(super) fn of(secrets: &Secrets) -> Self {
        let stamp = |paths: Vec<PathBuf>| Stamp::of(paths.into_iter().flat_map(with_entries));
        Self(secrets.granted_files().into_iter().map(|(name, paths)| (name, stamp(paths))).collect())
    }

    /// Looks again, and names the providers whose files have changed. One that is new has just been asked.
    pub(super) fn look(&mut self, secrets: &Secrets) -> Vec<String> {
        let now = Self::of(secrets);
        let before = std::mem::replace(self, now);
        let changed =
            |(name, stamp): &(&String, &Stamp)| before.0.get(*name).is_some_and(|known| known != *stamp);
        self.0.iter().filter(changed).map(|(name, _)| name.clone()).collect()
    }
}

/// A file; or a folder with what is in it, since a file that is written anew does not change its folder.
fn with_entries(path: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries.take(ENTRIES).map(|entry| entry.path()).collect();
    all.push(path);
    all
}
