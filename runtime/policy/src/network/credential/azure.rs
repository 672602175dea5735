//! Credentials of Azure.

use std::fmt;

use super::{CredentialKind, CredentialSpec, keys};
use crate::document::{Field, FileError};

/// How the host comes to credentials of Azure.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AzureCredential {}

impl fmt::Display for AzureCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("azure from the platform's identity")
    }
}

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    field.section("a map", &keys(&[]))?;
    Ok((CredentialKind::Azure, CredentialSpec::Azure(AzureCredential::default())))
}
