//! The methods of a login, each with its keys.

use std::fmt;
use std::path::Path;

use super::spelling;
use crate::document::{FileError, Section};
use crate::network::credential::aws::{self, AwsCredential, AwsSource};
use crate::network::credential::endpoint::endpoint;
use crate::network::credential::source::{CredentialSource, FORMS};
use crate::network::credential::value::SERVICE_ACCOUNT;

/// What a login is made with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VaultMethod {
    /// `approle`.
    AppRole {
        /// The role.
        role_id: CredentialSource,
        /// Its secret. Roles without one exist.
        secret_id: Option<CredentialSource>,
    },
    /// `userpass`, and `ldap`, which asks a directory.
    Password {
        /// Which of both.
        method: &'static str,
        /// Who.
        username: String,
        /// Their password.
        password: CredentialSource,
    },
    /// `kubernetes`, and `jwt`, which takes tokens of others too.
    Jwt {
        /// Which of both.
        method: &'static str,
        /// The role; `jwt` may have a default one.
        role: Option<String>,
        /// The token. It is read anew for each login.
        jwt: CredentialSource,
    },
    /// `aws`: a request to AWS that the host signs and Vault sends.
    Aws {
        /// The role; Vault takes one from the identity where there is none.
        role: Option<String>,
        /// What Vault expects in `X-Vault-AWS-IAM-Server-ID`, against requests that were meant for another Vault.
        server_id: Option<String>,
        /// Who signs, and for which token service. Without a region: the global one.
        identity: Box<AwsCredential>,
    },
}

/// A method as it is written.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// Its keys, besides those of every login.
    pub(super) keys: &'static [&'static str],
    pub(super) parse: fn(&Section<'_>) -> Result<VaultMethod, FileError>,
}

pub(super) const METHODS: [Method; 6] = [
    Method { name: "approle", keys: &["role_id", "secret_id"], parse: app_role },
    Method { name: "userpass", keys: &["username", "password"], parse: |it| password("userpass", it) },
    Method { name: "ldap", keys: &["username", "password"], parse: |it| password("ldap", it) },
    Method { name: "kubernetes", keys: &["role", "jwt"], parse: kubernetes },
    Method { name: "jwt", keys: &["role", "jwt"], parse: jwt },
    Method { name: "aws", keys: AWS, parse: iam },
];

const AWS: &[&str] = &["role", "server_id", "region", "from", "assume", "sts", "metadata"];

fn app_role(section: &Section<'_>) -> Result<VaultMethod, FileError> {
    Ok(VaultMethod::AppRole {
        role_id: source(section, "role_id")?,
        secret_id: section.get("secret_id").map(CredentialSource::parse).transpose()?,
    })
}

fn password(method: &'static str, section: &Section<'_>) -> Result<VaultMethod, FileError> {
    let username = section.require("username", "a user's name")?.parsed("a user's name", spelling::user)?;
    Ok(VaultMethod::Password { method, username, password: source(section, "password")? })
}

fn kubernetes(section: &Section<'_>) -> Result<VaultMethod, FileError> {
    let role = section.require("role", "a role's name")?.parsed("a role's name", spelling::word)?;
    let jwt = match section.get("jwt") {
        Some(jwt) => CredentialSource::parse(jwt)?,
        None => CredentialSource::File(SERVICE_ACCOUNT.into()),
    };
    Ok(VaultMethod::Jwt { method: "kubernetes", role: Some(role), jwt })
}

fn jwt(section: &Section<'_>) -> Result<VaultMethod, FileError> {
    Ok(VaultMethod::Jwt { method: "jwt", role: word(section, "role")?, jwt: source(section, "jwt")? })
}

fn iam(section: &Section<'_>) -> Result<VaultMethod, FileError> {
    let region = section.get("region");
    let identity = AwsCredential {
        service: "sts".to_owned(),
        region: region
            .map(|field| field.parsed("a region such as `eu-west-1`", spelling::region))
            .transpose()?,
        from: section.get("from").map_or(Ok(AwsSource::Chain), aws::source)?,
        role: section.get("assume").map(aws::role).transpose()?,
        sts: section.get("sts").map(endpoint).transpose()?,
        metadata: section.get("metadata").map(endpoint).transpose()?,
    };
    Ok(VaultMethod::Aws {
        role: word(section, "role")?,
        server_id: word(section, "server_id")?,
        identity: Box::new(identity),
    })
}

impl VaultMethod {
    /// The files that it reads.
    pub(super) fn files(&self) -> Vec<&Path> {
        let sources = match self {
            Self::AppRole { role_id, secret_id } => std::iter::once(role_id).chain(secret_id).collect(),
            Self::Password { password, .. } => vec![password],
            Self::Jwt { jwt, .. } => vec![jwt],
            Self::Aws { identity, .. } => return identity.files(),
        };
        sources.into_iter().filter_map(CredentialSource::file).collect()
    }

    /// The TCP ports that it connects to, beside that of the store.
    pub(super) fn ports(&self) -> Vec<u16> {
        match self {
            Self::Aws { identity, .. } => identity.ports(),
            _ => Vec::new(),
        }
    }
}

fn source(section: &Section<'_>, key: &str) -> Result<CredentialSource, FileError> {
    CredentialSource::parse(section.require(key, FORMS)?)
}

fn word(section: &Section<'_>, key: &str) -> Result<Option<String>, FileError> {
    section.get(key).map(|field| field.parsed("a name", spelling::word)).transpose()
}

/// Without any value, for `explain`.
impl fmt::Display for VaultMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = |f: &mut fmt::Formatter<'_>, role: &Option<String>| {
            role.as_ref().map_or(Ok(()), |role| write!(f, " role {role}"))
        };
        match self {
            Self::AppRole { role_id, secret_id: None } => write!(f, "approle role from {role_id}"),
            Self::AppRole { role_id, secret_id: Some(secret) } => {
                write!(f, "approle role from {role_id}, secret from {secret}")
            }
            Self::Password { method, username, password } => {
                write!(f, "{method} user {username:?}, password from {password}")
            }
            Self::Jwt { method, role: name, jwt } => {
                f.write_str(method)?;
                role(f, name)?;
                write!(f, ", token from {jwt}")
            }
            Self::Aws { role: name, server_id, identity } => {
                f.write_str("aws")?;
                role(f, name)?;
                if let Some(server_id) = server_id {
                    write!(f, ", server {server_id}")?;
                }
                write!(f, ", signed by {identity}")
            }
        }
    }
}
