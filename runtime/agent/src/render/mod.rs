//! `--out DIR`: resolved texts as files for an agent that can only read files, in memory and never on a disk.
//!
//! * `name`: what a file may be called ([`RelativeName`]). `error`: what goes wrong ([`RenderError`], [`NameError`]).
//! * `memory`: is this a memory file system. `folder`: the system calls, all of them below one descriptor.
//! * `marker`: the list of the files that are ours, for the process that comes after this one.
//!
//! A process that is killed at any point leaves every file whole, old or new, and of mode 0600 at every moment.

mod error;
mod folder;
mod marker;
mod memory;
mod name;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

pub use error::{NameError, RenderError};
use folder::Folder;
use marker::MARKER;
pub use name::RelativeName;

/// A folder in memory, and the files that we keep in it.
///
/// One process renders into a folder at a time, and keeps it locked for as long as this value lives. The files stay when
/// it is gone, so that their readers notice nothing of a restart: the next one takes them over.
#[derive(Debug)]
pub struct Renderer {
    path: PathBuf,
    root: Folder,
    ours: BTreeSet<RelativeName>,
}

/// What became of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is in its file now.
    Written,
    /// It was there already, in a file with the right owner and mode, which was not touched.
    Same,
}

impl Renderer {
    /// Opens a folder, or makes it (mode 0700) if its parent is there, and takes over what an earlier process left.
    ///
    /// # Errors
    /// It is not on a memory file system, is not only ours, another process renders into it, or its list of files is not
    /// one that we wrote. Nothing is left behind then.
    pub fn open(path: &Path) -> Result<Self, RenderError> {
        let system = |error| RenderError::Open { path: path.to_owned(), error };
        let made = folder::make(path).map_err(system)?;
        let opened = Self::opened(path);
        if made && opened.is_err() {
            // It is empty, and ours.
            let _ = folder::unmake(path);
        }
        opened
    }

    fn opened(path: &Path) -> Result<Self, RenderError> {
        let system = |error| RenderError::Open { path: path.to_owned(), error };
        let root = Folder::root(path).map_err(system)?;
        let owner = root.judge().map_err(system)?;
        memory::check(root.descriptor(), path, owner.user)?;
        if !owner.alone {
            return Err(RenderError::Shared { path: path.to_owned(), mode: owner.mode });
        }
        if !root.lock().map_err(system)? {
            return Err(RenderError::Taken(path.to_owned()));
        }
        let mut renderer = Self { path: path.to_owned(), root, ours: BTreeSet::new() };
        renderer.ours = renderer.left_behind()?;
        Ok(renderer)
    }

    /// The files that an earlier process made, without what it had begun to write when it was killed.
    fn left_behind(&self) -> Result<BTreeSet<RelativeName>, RenderError> {
        let failed = |error| self.failed("read", MARKER, error);
        self.root.remove_begun(MARKER).map_err(failed)?;
        let Some(text) = self.root.read(MARKER, marker::MOST_BYTES).map_err(failed)? else {
            return Ok(BTreeSet::new());
        };
        let ours =
            marker::read(&text).map_err(|line| RenderError::Marker { path: self.path.join(MARKER), line })?;
        for name in &ours {
            let Some(folder) = self.reach(name, false)? else { continue };
            folder.remove_begun(name.file()).map_err(|error| self.failed("clear", name, error))?;
        }
        Ok(ours)
    }

    /// Puts a text into a file, unless it is there already. Readers see the old text or the new one, whole.
    ///
    /// The file need not be announced by [`retain`](Self::retain), but each that is not costs writing the list anew.
    ///
    /// # Errors
    /// The file is as it was: the folder is full, or something else than a file or folder of ours is in the way.
    pub fn put(&mut self, name: &RelativeName, text: &[u8]) -> Result<Put, RenderError> {
        if !self.ours.contains(name) {
            let mut ours = self.ours.clone();
            ours.insert(name.clone());
            self.note(ours)?;
        }
        let folder = self.reach(name, true)?;
        let put = folder.map_or(Err(io::ErrorKind::NotFound.into()), |folder| folder.put(name.file(), text));
        put.map_err(|error| self.failed("write", name, error))
    }

    /// Removes the files that we made and that are not among these, with the folders that are empty then.
    ///
    /// To be called before the [`put`](Self::put)s of a changed set of configurations: it notes all names at once, and what
    /// was a file may become a folder.
    ///
    /// # Errors
    /// The first that cannot be removed. The others are removed, and this one is tried again with the next call.
    pub fn retain(&mut self, names: &BTreeSet<RelativeName>) -> Result<(), RenderError> {
        let gone: Vec<RelativeName> = self.ours.difference(names).cloned().collect();
        if !names.is_subset(&self.ours) {
            self.note(self.ours.union(names).cloned().collect())?;
        }
        if gone.is_empty() {
            return Ok(());
        }
        let mut left = self.ours.clone();
        let mut first = Ok(());
        for name in gone {
            match self.remove(&name) {
                Ok(()) => drop(left.remove(&name)),
                Err(error) => first = first.and(Err(error)),
            }
        }
        self.note(left)?;
        first
    }

    /// The files that are ours.
    pub fn names(&self) -> impl Iterator<Item = &RelativeName> {
        self.ours.iter()
    }

    fn remove(&self, name: &RelativeName) -> Result<(), RenderError> {
        if let Some(folder) = self.reach(name, false)? {
            folder.remove(name.file()).map_err(|error| self.failed("remove", name, error))?;
        }
        for (above, last) in name.folders_upwards() {
            let Some(parent) = self.walk(above, false).map_err(|error| self.failed("reach", name, error))?
            else {
                continue;
            };
            // One that is not empty stays.
            if !parent.remove_folder(last) {
                break;
            }
        }
        Ok(())
    }

    /// Writes the list before the files: what is in it may be missing, but no file of ours is ever missing in it.
    fn note(&mut self, ours: BTreeSet<RelativeName>) -> Result<(), RenderError> {
        let put = self.root.put(MARKER, marker::written(&ours).as_bytes());
        put.map_err(|error| self.failed("write", MARKER, error))?;
        self.ours = ours;
        Ok(())
    }

    /// The folder that a file is in.
    fn reach(&self, name: &RelativeName, make: bool) -> Result<Option<Folder>, RenderError> {
        self.walk(name.folders(), make).map_err(|error| self.failed("reach", name, error))
    }

    fn walk<'n>(&self, folders: impl Iterator<Item = &'n str>, make: bool) -> io::Result<Option<Folder>> {
        let mut folder = self.root.again()?;
        for name in folders {
            let Some(next) = folder.child(name, make)? else { return Ok(None) };
            folder = next;
        }
        Ok(Some(folder))
    }

    fn failed(&self, step: &'static str, name: impl AsRef<Path>, error: io::Error) -> RenderError {
        RenderError::File { step, path: self.path.join(name), error }
    }
}
