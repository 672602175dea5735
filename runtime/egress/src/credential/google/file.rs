//! Credential files, by the kind that they name.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::super::CredentialError;
use super::super::cloud::Ask;

/// A credential file.
pub(super) struct File(Map<String, Value>);

/// What a credential file is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ServiceAccount,
    AuthorizedUser,
    ExternalAccount,
    ImpersonatedServiceAccount,
}

const KINDS: [(&str, Kind); 4] = [
    ("service_account", Kind::ServiceAccount),
    ("authorized_user", Kind::AuthorizedUser),
    ("external_account", Kind::ExternalAccount),
    ("impersonated_service_account", Kind::ImpersonatedServiceAccount),
];

impl File {
    pub(super) fn read(ask: &Ask<'_>, text: &str) -> Result<Self, CredentialError> {
        let read: Option<Map<String, Value>> = serde_json::from_str(text).ok();
        read.map(Self).ok_or_else(|| ask.error("the credential file is no JSON object"))
    }

    /// A credential file within this one.
    pub(super) fn inner(&self, ask: &Ask<'_>, key: &str) -> Result<Self, CredentialError> {
        let inner = self.0.get(key).and_then(Value::as_object);
        inner.cloned().map(Self).ok_or_else(|| missing(ask, key))
    }

    pub(super) fn kind(&self, ask: &Ask<'_>) -> Result<Kind, CredentialError> {
        if let Some(universe) = self.text("universe_domain").filter(|domain| *domain != "googleapis.com")
            && !universe.is_empty()
        {
            return Err(ask.error("the credential file is for another cloud than googleapis.com"));
        }
        let name = self.text("type").unwrap_or_default();
        KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind).ok_or_else(|| {
            let known = KINDS.map(|(name, _)| format!("`{name}`")).join(", ");
            ask.error(format!(
                "the credential file has a `type` that is not supported: expected one of {known}"
            ))
        })
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    pub(super) fn require(&self, ask: &Ask<'_>, key: &str) -> Result<&str, CredentialError> {
        self.text(key).filter(|text| !text.is_empty()).ok_or_else(|| missing(ask, key))
    }

    pub(super) fn secret(&self, ask: &Ask<'_>, key: &str) -> Result<SecretString, CredentialError> {
        self.require(ask, key).map(SecretString::from)
    }
}

fn missing(ask: &Ask<'_>, key: &str) -> CredentialError {
    ask.error(format!("the credential file has no `{key}`"))
}
