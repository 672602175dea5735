//! The folder where compiled code is kept between runs.
//!
//! An artefact is machine code, so the folder must be writable by nobody but the user who runs this process; that is
//! checked on the open descriptor, for the folder and for each file. Whatever is wrong with an artefact, the component
//! is compiled again: a store can make a start slower, never wrong, and never impossible.

mod private;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use portcullis_policy::{Digest, VerifiedComponent};
use thiserror::Error;

use crate::component::{Artefact, CompileError};
use crate::engine::Engine;

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

/// A private folder of artefacts, named by what they were compiled from and for which engine.
#[derive(Clone, Debug)]
pub struct ArtefactStore {
    folder: PathBuf,
}

impl ArtefactStore {
    /// Opens a folder, making it (mode 0700) where it is missing and its parent is there.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be had, or is not private.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        let opened = private::make_folder(&folder).and_then(|()| private::check_folder(&folder));
        match opened {
            Ok(None) => Ok(Self { folder }),
            Ok(Some(found)) => Err(StoreError::NotPrivate { folder, found }),
            Err(source) => Err(StoreError::Io { folder, source }),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The artefact of a component: read from the folder, or compiled and written there.
    ///
    /// # Errors
    ///
    /// Only where compiling fails. A folder that is full or read-only costs a log line.
    pub fn artefact(&self, engine: &Engine, component: &VerifiedComponent) -> Result<Artefact, CompileError> {
        let path = self.path(engine, component.digest());
        match private::open_file(&path).map(|file| Artefact::from_trusted_file(engine, file)) {
            Ok(Ok(artefact)) if artefact.source() == component.digest() => return Ok(artefact),
            Ok(Ok(_)) => {
                tracing::warn!(path = %path.display(), "artefact of another component: compiling again");
            }
            Ok(Err(error)) => tracing::warn!(path = %path.display(), %error, "bad artefact: compiling again"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "artefact not readable: compiling again");
            }
        }
        let artefact = engine.compile(component)?;
        if let Err(error) = write(&path, &artefact) {
            tracing::warn!(path = %path.display(), %error, "artefact not written: it is kept in memory only");
        }
        Ok(artefact)
    }

    fn path(&self, engine: &Engine, source: &Digest) -> PathBuf {
        self.folder.join(format!("{}-{:016x}.cwasm", source.to_hex(), engine.id()))
    }
}

/// Writes beside the final name and renames: a reader sees the whole artefact or none.
fn write(path: &Path, artefact: &Artefact) -> io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = private::create_file(&temporary)
        .and_then(|mut file: File| artefact.write_to(&mut file).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        // Best effort: what is left has a name that nobody reads.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component() -> VerifiedComponent {
        crate::tests::verified(wat::parse_str("(component)").unwrap())
    }

    fn written(artefact: &Artefact) -> Vec<u8> {
        let mut bytes = Vec::new();
        artefact.write_to(&mut bytes).unwrap();
        bytes
    }

    fn only_file(folder: &Path) -> PathBuf {
        let mut files = std::fs::read_dir(folder).unwrap();
        let file = files.next().unwrap().unwrap().path();
        assert!(files.next().is_none(), "one artefact, nothing half-written");
        file
    }

    #[test]
    fn an_artefact_is_written_once_and_read_back() {
        let parent = tempfile::tempdir().unwrap();
        let store = ArtefactStore::open(parent.path().join("artefacts")).unwrap();
        let engine = Engine::new(1).unwrap();
        let made = store.artefact(&engine, &component()).unwrap();
        assert_eq!(std::fs::read(only_file(store.folder())).unwrap(), written(&made));
        let read = store.artefact(&engine, &component()).unwrap();
        assert_eq!(written(&read), written(&made));
    }

    #[test]
    fn a_bad_artefact_is_compiled_again() {
        let parent = tempfile::tempdir().unwrap();
        let store = ArtefactStore::open(parent.path().join("artefacts")).unwrap();
        let engine = Engine::new(1).unwrap();
        let made = store.artefact(&engine, &component()).unwrap();
        let path = only_file(store.folder());
        let spoil: [fn(&mut Vec<u8>); 4] =
            [|b| b.truncate(50), |b| *b.last_mut().unwrap() ^= 1, Vec::clear, |b| b[20] ^= 1];
        for spoil in spoil {
            let mut bytes = written(&made);
            spoil(&mut bytes);
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(written(&store.artefact(&engine, &component()).unwrap()), written(&made));
            assert_eq!(std::fs::read(&path).unwrap(), written(&made), "the good one is back");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_others_could_write_is_not_used() {
        use std::os::unix::fs::PermissionsExt as _;
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("artefacts");
        let store = ArtefactStore::open(&folder).unwrap();
        let engine = Engine::new(1).unwrap();
        let made = store.artefact(&engine, &component()).unwrap();
        set(&only_file(&folder), 0o666);
        assert_eq!(written(&store.artefact(&engine, &component()).unwrap()), written(&made));
        assert_eq!(std::fs::metadata(only_file(&folder)).unwrap().permissions().mode() & 0o777, 0o400);
        for mode in [0o770, 0o707, 0o777] {
            set(&folder, mode);
            assert!(matches!(ArtefactStore::open(&folder), Err(StoreError::NotPrivate { .. })), "{mode:o}");
        }
    }
}
