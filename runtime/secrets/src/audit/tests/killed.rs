//! A process that is killed between any two steps, or in the middle of one.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use super::{at, line, options, record};
use crate::audit::disk::{Disk, RealDisk};
use crate::audit::file::{LineFile, LineFileOptions};

/// What happens to the step at which the process ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// It does not begin.
    Before,
    /// Half of what it writes is written.
    Midway,
    /// The disk is full: half is written, and the process goes on.
    Full,
}

/// A disk that a process is taken away from.
#[derive(Debug)]
struct Failing {
    real: RealDisk,
    end: End,
    left: usize,
    steps: Arc<AtomicUsize>,
    gone: Cell<bool>,
}

impl Failing {
    /// Counts a step; says whether this is the one that does not end well.
    fn step(&mut self) -> io::Result<bool> {
        self.steps.fetch_add(1, Ordering::Relaxed);
        if self.gone.get() {
            return Err(io::Error::other("gone"));
        }
        let last = self.left == 0;
        self.left = self.left.wrapping_sub(1);
        if last && self.end != End::Full {
            self.gone.set(true);
        }
        if last && self.end == End::Before {
            return Err(io::Error::other("gone"));
        }
        Ok(last)
    }
}

impl Disk for Failing {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        self.step()?;
        self.real.read(path)
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<usize> {
        if !self.step()? {
            return self.real.append(path, bytes);
        }
        let written = self.real.append(path, &bytes[..bytes.len() / 2])?;
        if self.end == End::Full { Ok(written) } else { Err(io::Error::other("gone")) }
    }

    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()> {
        self.step()?;
        self.real.truncate(path, length)
    }

    fn create_like(&mut self, path: &Path, like: &Path, bytes: &[u8]) -> io::Result<()> {
        if !self.step()? {
            return self.real.create_like(path, like, bytes);
        }
        self.real.create_like(path, like, &bytes[..bytes.len() / 2])?;
        Err(io::Error::other(if self.end == End::Full { "full" } else { "gone" }))
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        self.real.rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.step()?;
        self.real.remove(path)
    }

    fn list(&mut self, folder: &Path) -> io::Result<Vec<(String, SystemTime)>> {
        self.step()?;
        self.real.list(folder)
    }
}

/// Appends that prune, rotate, and both.
const APPENDS: [u64; 7] = [0, 5, 10, 27, 28, 29, 50];

/// Runs until the end; says which appends were confirmed.
fn run(folder: &Path, end: End, left: usize, steps: &Arc<AtomicUsize>) -> BTreeSet<u64> {
    let disk = Failing { real: RealDisk, end, left, steps: steps.clone(), gone: Cell::new(false) };
    let mut file = LineFile::on(Box::new(disk), limits(folder));
    let mut confirmed = BTreeSet::new();
    for seconds in APPENDS {
        if file.append(at(seconds), &record(seconds, "handle").line()).is_ok() {
            confirmed.insert(seconds);
        }
    }
    confirmed
}

fn limits(folder: &Path) -> LineFileOptions {
    LineFileOptions { max_size: 150, retention: Duration::from_secs(25), ..options(folder) }
}

#[test]
fn every_line_is_whole_and_none_is_lost_that_was_confirmed() {
    let all = Arc::default();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), End::Before, usize::MAX, &all).len(), APPENDS.len());
    let all = all.load(Ordering::Relaxed);
    assert!(all > 3 * APPENDS.len(), "{all} steps: nothing is pruned or put aside");
    for end in [End::Before, End::Midway, End::Full] {
        for left in 0..all {
            let folder = tempfile::tempdir().unwrap();
            let confirmed = run(folder.path(), end, left, &Arc::default());
            // The next process, at the time of the last append.
            let mut file = LineFile::new(limits(folder.path()));
            file.append(at(51), &record(51, "next").line()).unwrap();
            let mut found = BTreeSet::new();
            for (name, text) in super::files(folder.path()) {
                if name.ends_with(".tmp") {
                    fs::remove_file(folder.path().join(name)).unwrap();
                    continue;
                }
                for whole in text.split_inclusive('\n') {
                    let known = APPENDS.iter().find(|seconds| line(**seconds, "handle") == whole);
                    assert!(
                        known.is_some() || whole == line(51, "next"),
                        "{end:?} at {left}: {whole:?} in {name}"
                    );
                    assert!(
                        known.is_none_or(|seconds| found.insert(*seconds)),
                        "{end:?} at {left}: twice {whole:?}"
                    );
                }
            }
            let young = |seconds: &&u64| **seconds >= 51 - 25;
            let lost: Vec<&u64> =
                confirmed.iter().filter(young).filter(|seconds| !found.contains(seconds)).collect();
            assert!(lost.is_empty(), "{end:?} at {left}: lost {lost:?} of {confirmed:?}, found {found:?}");
        }
    }
}
