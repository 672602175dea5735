//! Credentials of AWS.

use std::fmt;

use super::{CredentialKind, CredentialSpec, keys};
use crate::document::{Field, FileError};

/// How the host comes to credentials of AWS.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AwsCredential {}

impl fmt::Display for AwsCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("aws from the standard chain of AWS")
    }
}

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    field.section("a map", &keys(&[]))?;
    Ok((CredentialKind::Aws, CredentialSpec::Aws(AwsCredential::default())))
}
