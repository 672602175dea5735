//! What an operator wrote, in one of two families of files.
//!
//! A file with `version` **and** `providers` at its top is a Portcullis file, and everything in it must be known.
//! Anything else is an agent file: its `secret_*` keys and `multi_secret_backends` count, the rest is the document's
//! own.

mod agent;
mod excerpt;
mod keys;
mod native;

use std::path::{Path, PathBuf};

use portcullis_policy::{Ceiling, FileError, PortcullisFile};
use thiserror::Error;

pub use agent::{AgentBackend, AgentBackends, AgentSettings};
pub use native::NativeSettings;

use crate::trusted::{MAX_CONFIGURATION, ReadError, TrustedFiles};
use keys::TopLevel;

/// A configuration that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A key of an agent file has a value that it cannot have.
    #[error("{file}: {key}: {problem}")]
    Agent {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// What is wrong, and what is expected.
        problem: String,
    },
    /// A Portcullis file or ceiling is wrong.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file names no backend at all.
    #[error(
        "{file}: no secret backend: it has neither `version` and `providers` nor `secret_backend_type` nor \
         `multi_secret_backends`{hint}; name a configuration with --config"
    )]
    NoBackend {
        /// The file.
        file: String,
        /// More, where the file says how it is resolved today.
        hint: &'static str,
    },
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is not YAML.
    #[error("{file}:{line}:{column}: not readable as YAML: {problem}")]
    Syntax {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
        /// What the parser says.
        problem: String,
    },
    /// Keys of both families.
    #[error(
        "{file}: `providers` of a Portcullis file and `{key}` of an agent file in one file; keep them in two files"
    )]
    TwoFamilies {
        /// The file.
        file: String,
        /// The agent's key.
        key: &'static str,
    },
}

/// A parsed configuration.
#[derive(Debug)]
#[non_exhaustive]
pub enum Configuration {
    /// A Portcullis file, and the folder that its relative paths start from.
    Portcullis {
        /// What it says.
        file: PortcullisFile,
        /// Where it lies.
        folder: PathBuf,
    },
    /// The backend settings of an agent file.
    Agent(AgentSettings),
}

impl Configuration {
    /// Reads a configuration of either family from a file that can be trusted.
    ///
    /// # Errors
    ///
    /// Where the file cannot be trusted, read or understood.
    pub fn read(files: &TrustedFiles, path: &Path) -> Result<Self, ConfigError> {
        let bytes = files.read(path, MAX_CONFIGURATION)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self::parse(&path.display().to_string(), &bytes, folder.unwrap_or(Path::new(".")))
    }

    /// Parses a configuration; relative paths in it start from `folder`.
    ///
    /// # Errors
    ///
    /// Where the text is not understood, mixes the families, or names no backend.
    pub fn parse(name: &str, bytes: &[u8], folder: &Path) -> Result<Self, ConfigError> {
        Self::parse_with(name, bytes, folder, |_| None)
    }

    /// The same, with the agent's variables laid over an agent file: `DD_` and the key in capitals. One that is set wins.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn parse_with(
        name: &str,
        bytes: &[u8],
        folder: &Path,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        // One reading of a file that is what it looks like. Whatever is wrong with it is found, and told, below.
        if let Some(text) = keys::looks_like_portcullis(bytes)
            && let Ok(file) = PortcullisFile::parse(name, text)
        {
            return Ok(Self::Portcullis { file, folder: folder.to_owned() });
        }
        let mut top = TopLevel::read(name, bytes)?;
        if !top.is_portcullis() {
            top.overlay(variable)?;
            return Ok(Self::Agent(AgentSettings::compile(name, &top)?));
        }
        if let Some(key) = top.first_agent_key() {
            return Err(ConfigError::TwoFamilies { file: name.to_owned(), key });
        }
        // `TopLevel` has accepted the bytes, so they are UTF-8.
        let file = PortcullisFile::parse(name, &String::from_utf8_lossy(bytes))?;
        Ok(Self::Portcullis { file, folder: folder.to_owned() })
    }
}

/// Reads the operator's upper bound over every provider.
///
/// # Errors
///
/// Where the file cannot be trusted, read or understood: then nothing may start.
pub fn read_ceiling(files: &TrustedFiles, path: &Path) -> Result<Ceiling, ConfigError> {
    parse_ceiling(&path.display().to_string(), &files.read(path, MAX_CONFIGURATION)?)
}

/// Parses such a bound; `name` stands for its file in errors.
///
/// # Errors
///
/// Where the text is not understood.
pub fn parse_ceiling(name: &str, bytes: &[u8]) -> Result<Ceiling, ConfigError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ConfigError::Syntax {
        file: name.to_owned(),
        line: 1,
        column: 1,
        problem: format!("not UTF-8 at byte {}", error.valid_up_to()),
    })?;
    Ok(Ceiling::parse(name, text)?)
}

/// A provider's `config` in the form that the reference's decoding rules work on.
pub(crate) fn settings(map: serde_json::Map<String, serde_json::Value>) -> portcullis_compat::json::Value {
    // The policy crate bounds the depth of a file below this.
    agent::convert(&serde_json::Value::Object(map), 256).unwrap_or(portcullis_compat::json::Value::Null)
}
