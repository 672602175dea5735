//! From a component file to compiled code: trusted, the one that the policy names, taken from the store or compiled.

use std::path::{Path, PathBuf};

use portcullis_policy::{Denial, Policy, VerifiedComponent};
use portcullis_sandbox::{Artefact, ArtefactStore, CompileError, Compiler, Engine};
use thiserror::Error;

use crate::trusted::{ReadError, TrustedFile, TrustedFiles};

/// A component file that does not become code.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// It cannot be compiled.
    #[error("{}: {source}", path.display())]
    Compile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: CompileError,
    },
    /// It is not the one that the policy names.
    #[error("{}: {denial}", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
        /// The policy's words.
        denial: Denial,
    },
    /// It cannot be read, or somebody else could have written it.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Where components are read, compiled and kept.
#[derive(Clone, Debug, Default)]
pub struct Components {
    /// The rule under which component files are trusted.
    pub files: TrustedFiles,
    /// Who compiles them.
    pub compiler: Compiler,
    /// Where compiled code is kept. Nowhere without one: it is compiled at every start.
    pub store: Option<ArtefactStore>,
}

impl Components {
    /// Reads a component file, and has the policy look at its bytes.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or trusted, or is another component than the policy names.
    pub fn verified(&self, policy: &Policy, path: &Path) -> Result<VerifiedComponent, ComponentError> {
        verify(policy, path, self.files.component(path)?)
    }

    /// The code of a component file. Blocks while it compiles.
    ///
    /// # Errors
    ///
    /// Where the component is not accepted, or does not compile.
    pub fn artefact(
        &self,
        engine: &Engine,
        policy: &Policy,
        path: &Path,
    ) -> Result<Artefact, ComponentError> {
        let file = self.files.component(path)?;
        // Most starts need no more of the component than its digest.
        if let Some(store) = &self.store
            && let Some(artefact) = store.find(engine, &denied(path, policy.decide_digest(file.digest()?))?)
        {
            return Ok(artefact);
        }
        let component = verify(policy, path, file)?;
        match &self.store {
            Some(store) => store.compile(engine, &self.compiler, &component),
            None => self.compiler.compile(engine, &component),
        }
        .map_err(|source| ComponentError::Compile { path: path.to_owned(), source })
    }
}

fn verify(policy: &Policy, path: &Path, file: TrustedFile) -> Result<VerifiedComponent, ComponentError> {
    let mut bytes = file.read()?;
    denied(path, policy.decide_component(std::mem::take(&mut *bytes)))
}

fn denied<T>(path: &Path, decision: Result<T, Denial>) -> Result<T, ComponentError> {
    decision.map_err(|denial| ComponentError::Denied { path: path.to_owned(), denial })
}
