//! Credentials of Google.

use std::fmt;

use super::{CredentialKind, CredentialSpec, keys};
use crate::document::{Field, FileError};

/// How the host comes to credentials of Google.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GoogleCredential {}

impl fmt::Display for GoogleCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("google from the platform's identity")
    }
}

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    field.section("a map", &keys(&[]))?;
    Ok((CredentialKind::Google, CredentialSpec::Google(GoogleCredential::default())))
}
