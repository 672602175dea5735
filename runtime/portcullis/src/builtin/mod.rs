//! Where the components of the built-in backend types come from: the binary itself, or a folder of component files.

use std::path::PathBuf;

use portcullis_policy::{Digest, Policy};
use portcullis_sandbox::{Artefact, ArtefactError, ArtefactStore, CompileError, Engine};
use thiserror::Error;

use crate::trusted::{ReadError, TrustedFiles};

/// A built-in type that was compiled when the binary was built.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The backend type: `file.json`.
    pub name: &'static str,
    /// The component, as built.
    pub component: &'static [u8],
    /// The artefact compiled from it.
    pub artefact: &'static [u8],
}

/// Where built-in components come from.
#[derive(Clone, Debug, Default)]
pub struct Builtins(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    Embedded(&'static [Embedded]),
    Folder(PathBuf),
    #[default]
    Nowhere,
}

/// A built-in type whose component cannot be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuiltinError {
    /// It does not compile.
    #[error("the component of backend type {name}: {source}")]
    Compile {
        /// The type.
        name: String,
        /// Why.
        source: CompileError,
    },
    /// The binary was put together from parts that do not fit.
    #[error("the embedded {name} cannot be used ({source}); build the guests and the binary again")]
    Embedded {
        /// The type.
        name: String,
        /// Why.
        source: ArtefactError,
    },
    /// There is no such component here.
    #[error(
        "no component for backend type {name}: this build carries {carried}; name a folder that has {name}.wasm with \
         --builtins"
    )]
    Missing {
        /// The type.
        name: String,
        /// What there is.
        carried: String,
    },
    /// Its file cannot be read or trusted.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Builtins {
    /// Components that the binary carries.
    #[must_use]
    pub fn embedded(builtins: &'static [Embedded]) -> Self {
        Self(Source::Embedded(builtins))
    }

    /// A folder with a file `TYPE.wasm` for each type. Files are read under the trust rule and compiled once.
    #[must_use]
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self(Source::Folder(folder.into()))
    }

    /// The component bytes and digest of every type that is carried, for `inspect`.
    #[must_use]
    pub fn carried(&self) -> Vec<(&'static str, Digest, &'static [u8])> {
        match self.0 {
            Source::Embedded(builtins) => {
                builtins.iter().map(|b| (b.name, Digest::of(b.component), b.component)).collect()
            }
            Source::Folder(_) | Source::Nowhere => Vec::new(),
        }
    }

    pub(crate) fn artefact(
        &self,
        name: &str,
        engine: &Engine,
        policy: &Policy,
        files: &TrustedFiles,
        store: Option<&ArtefactStore>,
    ) -> Result<Artefact, BuiltinError> {
        let missing = |carried: String| BuiltinError::Missing { name: name.to_owned(), carried };
        match &self.0 {
            Source::Nowhere => Err(missing("none".to_owned())),
            Source::Embedded(builtins) => {
                let Some(builtin) = builtins.iter().find(|builtin| builtin.name == name) else {
                    let names: Vec<&str> = builtins.iter().map(|builtin| builtin.name).collect();
                    return Err(missing(names.join(", ")));
                };
                Artefact::from_program(engine, builtin.artefact)
                    .map_err(|source| BuiltinError::Embedded { name: name.to_owned(), source })
            }
            Source::Folder(folder) => {
                let path = folder.join(format!("{name}.wasm"));
                let mut bytes = files.read(&path, portcullis_sandbox::MAX_COMPONENT as u64)?;
                crate::resolver::compile(engine, policy, std::mem::take(&mut *bytes), store)
                    .map_err(|error| match error {
                        crate::resolver::CompileFailure::Compile(source) => source,
                        crate::resolver::CompileFailure::Denied(denial) => {
                            CompileError::Invalid { reason: denial.to_string() }
                        }
                    })
                    .map_err(|source| BuiltinError::Compile { name: name.to_owned(), source })
            }
        }
    }
}
