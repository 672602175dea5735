//! Where a credential's text comes from.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::document::{Field, FileError};
use crate::network::destination::absolute;

/// Where a text comes from that the guest must not have. Nothing is ever executed to get it.
#[derive(Clone, Debug)]
pub enum CredentialSource {
    /// A trusted file, read again when it changes. White space at its ends does not count.
    File(PathBuf),
    /// A variable of the host.
    Env(String),
    /// Text in the policy file.
    Value(SecretString),
}

/// How a source is written.
pub(super) const FORMS: &str = "`{ file: PATH }`, `{ env: NAME }` or `{ value: … }`";

impl CredentialSource {
    pub(super) fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        let section = field.section(FORMS, &["file", "env", "value"])?;
        match (section.get("file"), section.get("env"), section.get("value")) {
            (Some(file), None, None) => Ok(Self::File(absolute(file)?)),
            (None, Some(name), None) => {
                Ok(Self::Env(name.parsed("a variable's name", crate::environment::check_name)?))
            }
            (None, None, Some(value)) => Ok(Self::Value(value.text("text")?.into())),
            _ => Err(field.error(format_args!("expected exactly one of {FORMS}"))),
        }
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Env(_) | Self::Value(_) => None,
        }
    }
}

/// The source without any value, for `explain`.
impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Env(name) => write!(f, "variable {name}"),
            Self::Value(_) => f.write_str("a value in the policy file"),
        }
    }
}
