//! Where the components of the built-in backend types come from: the binary itself, or a folder of component files.

use std::path::PathBuf;

use portcullis_policy::Digest;
use portcullis_sandbox::{Artefact, ArtefactError, Engine};
use thiserror::Error;

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

    /// The component file that stands in for a type, where a folder was given.
    #[must_use]
    pub fn component_file(&self, name: &str) -> Option<PathBuf> {
        match &self.0 {
            Source::Folder(folder) => Some(folder.join(format!("{name}.wasm"))),
            Source::Embedded(_) | Source::Nowhere => None,
        }
    }

    /// The artefact that the binary carries for a type.
    pub(crate) fn artefact(&self, name: &str, engine: &Engine) -> Result<Artefact, BuiltinError> {
        let carried = match self.0 {
            Source::Embedded(builtins) => builtins,
            Source::Folder(_) | Source::Nowhere => &[],
        };
        let Some(builtin) = carried.iter().find(|builtin| builtin.name == name) else {
            let names: Vec<&str> = carried.iter().map(|builtin| builtin.name).collect();
            let carried = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(BuiltinError::Missing { name: name.to_owned(), carried });
        };
        Artefact::from_program(engine, builtin.artefact)
            .map_err(|source| BuiltinError::Embedded { name: name.to_owned(), source })
    }
}
