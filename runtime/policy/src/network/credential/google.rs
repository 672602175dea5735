//! Access tokens of Google.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::endpoint::{endpoint, word};
use super::{CredentialKind, CredentialSource, CredentialSpec, keys};
use crate::document::{Field, FileError, Value};
use crate::network::Origin;

/// How the host comes to access tokens of Google.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GoogleCredential {
    /// Who asks.
    pub from: GoogleSource,
    /// What the token is for; several are separated by spaces.
    pub scope: String,
    /// The service account that is impersonated, by its address.
    pub impersonate: Option<String>,
    /// Origins beside Google's own that a credential file may name.
    pub endpoints: BTreeSet<Origin>,
    /// The metadata service. Nothing: at its own address.
    pub metadata: Option<Origin>,
    /// Who gives tokens of service accounts to those who may act as them. Nothing: Google's own.
    pub iam: Option<Origin>,
}

/// Who asks Google.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GoogleSource {
    /// Application default credentials: the file that `GOOGLE_APPLICATION_CREDENTIALS` names, the file of the command-line
    /// tools, the metadata service.
    Default,
    /// A credential file. A variable may hold its text, or its path.
    File(CredentialSource),
    /// The metadata service.
    Metadata,
}

/// All that the service account may do.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

const FROM: &str = "`metadata`, or a credential file as `{ file: PATH }`, `{ env: NAME }` or `{ value: … }`";

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let own = ["from", "scope", "impersonate", "endpoints", "metadata", "iam"];
    let section = field.section("a map", &keys(&own))?;
    let mut endpoints = BTreeSet::new();
    let named = section.get("endpoints").map(|field| field.list("a list of origins")).transpose()?;
    for item in named.unwrap_or_default() {
        if !endpoints.insert(endpoint(&item)?) {
            return Err(item.error("this is in the list already: keep one"));
        }
    }
    let scope = section.get("scope").map(|field| word(field, "a scope", b"-._~:/ "));
    let account = |field| word(field, "a service account's address", b"-._@");
    let spec = GoogleCredential {
        from: section.get("from").map_or(Ok(GoogleSource::Default), source)?,
        scope: scope.unwrap_or_else(|| Ok(SCOPE.to_owned()))?,
        impersonate: section.get("impersonate").map(account).transpose()?,
        endpoints,
        metadata: section.get("metadata").map(endpoint).transpose()?,
        iam: section.get("iam").map(endpoint).transpose()?,
    };
    if let (Some(field), None) = (section.get("iam"), &spec.impersonate) {
        return Err(field.error("nobody is impersonated: name the account as `impersonate`, or remove this"));
    }
    Ok((CredentialKind::Google, CredentialSpec::Google(spec)))
}

fn source(field: &Field<'_>) -> Result<GoogleSource, FileError> {
    if matches!(field.value(), Value::Text(_)) {
        return match field.text(FROM)? {
            "metadata" => Ok(GoogleSource::Metadata),
            "gcloud" | "executable" => {
                Err(field.error(format_args!("nothing is executed to get a credential: expected {FROM}")))
            }
            _ => Err(field.error(format_args!("expected {FROM}"))),
        };
    }
    CredentialSource::parse(field).map(GoogleSource::File)
}

impl GoogleSource {
    /// The file that the policy names, where it names one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(from) => from.file(),
            Self::Default | Self::Metadata => None,
        }
    }
}

impl fmt::Display for GoogleCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "google from {}", self.from)?;
        if self.scope != SCOPE {
            write!(f, ", scope {}", self.scope)?;
        }
        if let Some(account) = &self.impersonate {
            write!(f, ", as {account}")?;
        }
        for endpoint in &self.endpoints {
            write!(f, ", endpoint {endpoint}")?;
        }
        if let Some(metadata) = &self.metadata {
            write!(f, ", metadata {metadata}")?;
        }
        if let Some(iam) = &self.iam {
            write!(f, ", iam {iam}")?;
        }
        Ok(())
    }
}

impl fmt::Display for GoogleSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("application default credentials"),
            Self::File(from) => write!(f, "{from}"),
            Self::Metadata => f.write_str("the metadata service"),
        }
    }
}
