//! Vault tokens: given, or from a login of the host's.

mod login;
mod method;
mod spelling;

use std::fmt;

use super::source::FORMS;
use super::{CredentialKind, CredentialSource, CredentialSpec, keys};
use crate::document::{Field, FileError};

pub use login::VaultLogin;
pub use method::{VaultAwsKeys, VaultMethod};

/// How the host comes to a Vault token, and in which namespace it counts.
#[derive(Clone, Debug)]
pub struct VaultCredential {
    /// Where the token comes from.
    pub token: VaultToken,
    /// The namespace of the login and of the guest's requests. A guest may name another only where `headers` lists
    /// `x-vault-namespace`.
    pub namespace: Option<String>,
}

/// Where a Vault token comes from.
#[derive(Clone, Debug)]
pub enum VaultToken {
    /// It is given, and whoever gives it renews it, unless `renew`.
    Given {
        /// The token.
        from: CredentialSource,
        /// Whether the host renews it before it expires. Default: no.
        renew: bool,
    },
    /// The host logs in, renews what it got, and logs in again where that ends.
    Login(VaultLogin),
}

impl VaultCredential {
    /// Where its texts come from.
    pub fn sources(&self) -> Vec<&CredentialSource> {
        match &self.token {
            VaultToken::Given { from, .. } => vec![from],
            VaultToken::Login(login) => login.method.sources(),
        }
    }

    /// Whether the host asks the store for it, which therefore has to be one store.
    pub const fn asks(&self) -> bool {
        matches!(self.token, VaultToken::Login(_) | VaultToken::Given { renew: true, .. })
    }
}

/// Without any value, for `explain`.
impl fmt::Display for VaultCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.token {
            VaultToken::Given { from, renew: false } => write!(f, "vault token from {from}")?,
            VaultToken::Given { from, renew: true } => write!(f, "vault token from {from}, renewed")?,
            VaultToken::Login(login) => write!(f, "vault login {login}")?,
        }
        self.namespace.as_ref().map_or(Ok(()), |namespace| write!(f, ", namespace {namespace}"))
    }
}

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let section = field.section("a map", &keys(&["from", "renew", "login", "namespace"]))?;
    let token = match (section.get("from"), section.get("login")) {
        (Some(from), None) => VaultToken::Given {
            from: CredentialSource::parse(from)?,
            renew: section.get("renew").map(Field::boolean).transpose()?.unwrap_or(false),
        },
        (None, Some(login)) => {
            if let Some(renew) = section.get("renew") {
                return Err(renew.error("what a login gives is always renewed: remove `renew`"));
            }
            VaultToken::Login(VaultLogin::parse(login)?)
        }
        (None, None) => {
            return Err(field.error(format_args!("expected `from` with {FORMS}, or `login`")));
        }
        (Some(_), Some(login)) => return Err(login.error("`from` gives a token already: keep one of both")),
    };
    let namespace =
        section.get("namespace").map(|field| field.parsed("a namespace", spelling::path)).transpose()?;
    Ok((CredentialKind::Vault, CredentialSpec::Vault(VaultCredential { token, namespace })))
}
