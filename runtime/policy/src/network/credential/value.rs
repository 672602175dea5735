//! A text in a header, as it is or after a word.

use super::source::FORMS;
use super::{CredentialKind, CredentialSource, CredentialSpec, keys};
use crate::document::{Field, FileError};
use crate::network::headers;

/// Where a pod finds the token of its service account.
pub(super) const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// A text that is sent in a header.
#[derive(Clone, Debug)]
pub struct ValueCredential {
    /// The header, in lower case.
    pub header: String,
    /// What stands before the value: `Bearer ` with its space, or nothing.
    pub prefix: &'static str,
    /// The value.
    pub from: CredentialSource,
}

pub(super) fn header(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let section = field.section("a map", &keys(&["name", "from"]))?;
    let name = section.require("name", "the header's name")?.parsed("a header name", headers::check)?;
    let from = CredentialSource::parse(section.require("from", FORMS)?)?;
    let kind = CredentialKind::Header(name.clone());
    Ok((kind, CredentialSpec::Value(ValueCredential { header: name, prefix: "", from })))
}

pub(super) fn bearer(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let section = field.section("a map", &keys(&["from"]))?;
    let from = CredentialSource::parse(section.require("from", FORMS)?)?;
    Ok((CredentialKind::Bearer, CredentialSpec::Value(bearing(from))))
}

pub(super) fn kubernetes(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let section = field.section("a map", &keys(&["from"]))?;
    let from = match section.get("from") {
        Some(from) => CredentialSource::parse(from)?,
        None => CredentialSource::File(SERVICE_ACCOUNT.into()),
    };
    Ok((CredentialKind::Kubernetes, CredentialSpec::Value(bearing(from))))
}

fn bearing(from: CredentialSource) -> ValueCredential {
    ValueCredential { header: "authorization".to_owned(), prefix: "Bearer ", from }
}
