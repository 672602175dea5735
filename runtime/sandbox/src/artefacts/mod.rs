//! The folder where compiled code is kept between runs.
//!
//! An artefact is machine code, so the folder must be writable by nobody but the user who runs this process. That is
//! checked on the open descriptor, for the folder and for each file, and files are opened relative to that of the
//! folder: none can be swapped between the check and the use. Whatever is wrong with an artefact, the component is
//! compiled again and the file replaced: a store can make a start slower, never wrong, and never impossible.

mod contents;
mod folder;
mod name;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use portcullis_policy::{Digest, VerifiedComponent, VerifiedDigest};
use thiserror::Error;

use crate::component::{Artefact, ArtefactError, CompileError, Compiler};
use crate::engine::Engine;
pub use contents::{Pruned, StoredFile, StoredKind, Verdict};
use folder::Folder;

/// A folder that cannot serve as artefact store.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be made or opened.
    #[error("the artefact folder {} cannot be used: {source}", folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Others could put code into it.
    #[error(
        "the artefact folder {} is not private ({found}): it must belong to the user that runs this, with mode 0700 \
         (`chmod 0700`)",
        folder.display()
    )]
    NotPrivate {
        /// The folder.
        folder: PathBuf,
        /// Owner and mode that it has.
        found: String,
    },
}

/// A private folder of artefacts, named by what they were compiled from and for which engine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ArtefactStore {
    folder: Arc<Folder>,
    /// Whether it has been said that nothing can be written: once is enough.
    warned: Arc<AtomicBool>,
}

impl ArtefactStore {
    /// Opens a folder, making it (mode 0700) where it is missing and its parent is there.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be had, or is not private.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Folder::open(folder.into(), true).map(Self::of)
    }

    /// Opens a folder that is there already.
    ///
    /// # Errors
    ///
    /// Where the folder is missing, or is not private.
    pub fn open_existing(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Folder::open(folder.into(), false).map(Self::of)
    }

    fn of(folder: Folder) -> Self {
        Self { folder: Arc::new(folder), warned: Arc::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the artefact of a component for this engine is, or would be.
    #[must_use]
    pub fn path(&self, engine: &Engine, source: &Digest) -> PathBuf {
        self.folder().join(name::artefact(source, engine.id()))
    }

    /// The artefact of a component: read from the folder, or compiled and written there.
    ///
    /// # Errors
    ///
    /// Only where compiling fails.
    pub fn artefact(
        &self,
        engine: &Engine,
        compiler: &Compiler,
        component: &VerifiedComponent,
    ) -> Result<Artefact, CompileError> {
        self.find(engine, component.key()).map_or_else(|| self.compile(engine, compiler, component), Ok)
    }

    /// Compiles a component, and writes its artefact into the folder.
    ///
    /// # Errors
    ///
    /// Only where compiling fails. A folder that is full, read-only or gone costs one log line.
    pub fn compile(
        &self,
        engine: &Engine,
        compiler: &Compiler,
        component: &VerifiedComponent,
    ) -> Result<Artefact, CompileError> {
        let artefact = compiler.compile(engine, component)?;
        if let Err(error) = self.keep(engine, &artefact)
            && !self.warned.swap(true, Ordering::Relaxed)
        {
            let folder = self.folder().display();
            tracing::warn!(%folder, %error, "artefacts cannot be written: they are kept in memory only");
        }
        Ok(artefact)
    }

    /// The artefact of a component for this engine, if a good one is there. What is wrong with another is logged.
    #[must_use]
    pub fn find(&self, engine: &Engine, key: &VerifiedDigest) -> Option<Artefact> {
        let source = key.get();
        let name = name::artefact(source, engine.id());
        let file = match self.folder.file(&name) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => return self.unusable(&name, &error),
        };
        match Artefact::from_trusted_file(engine, file) {
            Ok(artefact) if artefact.source() == source => Some(artefact),
            Ok(artefact) => self.unusable(&name, &ArtefactError::OtherSource { made_of: *artefact.source() }),
            Err(error) => self.unusable(&name, &error),
        }
    }

    /// Writes an artefact beside its final name and renames it: a reader sees the whole or nothing, and of two writers
    /// the later one wins.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written.
    pub fn keep(&self, engine: &Engine, artefact: &Artefact) -> io::Result<PathBuf> {
        let name = name::artefact(artefact.source(), engine.id());
        let temporary = name::temporary(&name);
        let written = self.write(&temporary, artefact).and_then(|()| self.folder.rename(&temporary, &name));
        if let Err(error) = written {
            // Best effort: what is left has a name that nobody reads, and `prune` finds it.
            let _ = self.folder.remove(&temporary);
            return Err(error);
        }
        Ok(self.folder().join(name))
    }

    fn write(&self, name: &str, artefact: &Artefact) -> io::Result<()> {
        let mut file = self.folder.create(name)?;
        // Tells `prune` that somebody is at it. Not every file system has locks: then it is told nothing.
        let _ = file.try_lock();
        artefact.write_to(&mut file)?;
        file.sync_all()
    }

    fn unusable(&self, name: &str, error: &dyn std::error::Error) -> Option<Artefact> {
        let path = self.folder().join(name);
        tracing::warn!(path = %path.display(), %error, "artefact not usable: compiling again");
        None
    }
}

#[cfg(test)]
mod tests;
