//! A Vault token.

use std::fmt;

use super::source::FORMS;
use super::{CredentialKind, CredentialSource, CredentialSpec, keys};
use crate::document::{Field, FileError};

/// How the host comes to a Vault token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VaultCredential {
    /// It is given.
    Token(CredentialSource),
}

impl fmt::Display for VaultCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(from) => write!(f, "vault token from {from}"),
        }
    }
}

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let section = field.section("a map", &keys(&["from"]))?;
    let from = CredentialSource::parse(section.require("from", FORMS)?)?;
    Ok((CredentialKind::Vault, CredentialSpec::Vault(VaultCredential::Token(from))))
}
