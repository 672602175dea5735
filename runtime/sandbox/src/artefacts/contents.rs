//! What is in a store: listed, checked, cleared away.

use std::io;
use std::time::SystemTime;

use portcullis_policy::Digest;

use super::ArtefactStore;
use super::name::Name;
use crate::component::Facts;
use crate::engine::Engine;

/// One entry of the folder.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredFile {
    /// Its name in the folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was written, where the system knows.
    pub modified: Option<SystemTime>,
    /// What its name says that it is.
    pub kind: StoredKind,
}

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredKind {
    /// An artefact.
    Artefact {
        /// The component that it was made of.
        source: Digest,
        /// Whether this engine could run it. Otherwise it is stale: of another version or other settings.
        current: bool,
    },
    /// What is left of writing one, or is being written.
    Temporary,
    /// Nothing of ours.
    Foreign,
}

/// What reading an entry shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// An artefact that would be loaded.
    Good,
    /// A whole artefact for another engine. It is never loaded.
    Stale,
    /// Damaged, or not this user's alone: why. It is never loaded.
    Bad(String),
    /// Being written right now.
    BeingWritten,
    /// Left behind by a process that ended while it wrote.
    LeftOver,
    /// Nothing of ours.
    Foreign,
}

/// What was cleared away, or would be.
#[derive(Debug)]
#[non_exhaustive]
pub struct Pruned {
    /// The entry.
    pub file: StoredFile,
    /// What it was found to be.
    pub verdict: Verdict,
    /// Why it is still there, where it is and should not be.
    pub failed: Option<io::Error>,
}

impl ArtefactStore {
    /// Everything in the folder, by name.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be read.
    pub fn files(&self, engine: &Engine) -> io::Result<Vec<StoredFile>> {
        let entries = self.folder.entries()?;
        Ok(entries
            .into_iter()
            .map(|(name, metadata)| StoredFile {
                kind: match Name::read(&name) {
                    Name::Artefact { source, engine: made_for } => {
                        StoredKind::Artefact { source, current: made_for == engine.id() }
                    }
                    Name::Temporary => StoredKind::Temporary,
                    Name::Other => StoredKind::Foreign,
                },
                name,
                bytes: metadata.len(),
                modified: metadata.modified().ok().map(cap_std::time::SystemTime::into_std),
            })
            .collect())
    }

    /// Reads an entry whole, and says whether it would be loaded.
    #[must_use]
    pub fn verify(&self, file: &StoredFile) -> Verdict {
        let StoredKind::Artefact { source, current } = file.kind else { return self.unfinished(file) };
        let opened = match self.folder.file(&file.name) {
            Ok(opened) => opened,
            Err(error) => return Verdict::Bad(error.to_string()),
        };
        let Name::Artefact { engine, .. } = Name::read(&file.name) else { return Verdict::Foreign };
        match Facts::of(&opened) {
            Err(error) => Verdict::Bad(error.to_string()),
            Ok(facts) if facts.source != source => {
                Verdict::Bad(format!("it was made of another component ({})", facts.source))
            }
            Ok(facts) if facts.engine != engine => {
                Verdict::Bad("it was made for another engine than its name says".to_owned())
            }
            Ok(_) if current => Verdict::Good,
            Ok(_) => Verdict::Stale,
        }
    }

    /// Whoever writes a temporary file holds its lock; the system lets go of it when the writer ends.
    fn unfinished(&self, file: &StoredFile) -> Verdict {
        match (file.kind, self.folder.file(&file.name)) {
            (StoredKind::Temporary, Ok(opened)) if opened.try_lock().is_ok() => Verdict::LeftOver,
            (StoredKind::Temporary, Ok(_)) => Verdict::BeingWritten,
            (StoredKind::Temporary, Err(_)) => Verdict::LeftOver,
            _ => Verdict::Foreign,
        }
    }

    /// Removes what is stale, bad or left over; with `all` every artefact. Nothing that is not ours, and nothing that is
    /// being written. With `dry_run` it only says what it would remove.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be read. A file that cannot be removed is among the answers.
    pub fn prune(&self, engine: &Engine, all: bool, dry_run: bool) -> io::Result<Vec<Pruned>> {
        let mut pruned = Vec::new();
        for file in self.files(engine)? {
            let verdict = self.verify(&file);
            match verdict {
                Verdict::Foreign | Verdict::BeingWritten => continue,
                Verdict::Good if !all => continue,
                _ => {}
            }
            let failed = if dry_run { None } else { self.folder.remove(&file.name).err() };
            pruned.push(Pruned { file, verdict, failed });
        }
        Ok(pruned)
    }
}
