//! The methods of a login, each with its keys.

use std::fmt;

use super::spelling;
use crate::document::{Field, FileError, Section};
use crate::network::credential::CredentialSource;
use crate::network::credential::source::FORMS;
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
        /// The region whose STS is asked; none for the global one.
        region: Option<String>,
        /// What Vault expects in `X-Vault-AWS-IAM-Server-ID`, against requests that were meant for another Vault.
        server_id: Option<String>,
        /// Who signs.
        from: VaultAwsKeys,
    },
}

/// Keys of AWS that sign a login.
#[derive(Clone, Debug)]
pub struct VaultAwsKeys {
    /// The key's identifier, `AKIA…`.
    pub id: CredentialSource,
    /// The key.
    pub secret: CredentialSource,
    /// What temporary keys have beside. A variable that is not set is none.
    pub token: Option<CredentialSource>,
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
    Method { name: "aws", keys: &["role", "region", "server_id", "from"], parse: aws },
];

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

fn aws(section: &Section<'_>) -> Result<VaultMethod, FileError> {
    Ok(VaultMethod::Aws {
        role: word(section, "role")?,
        region: section
            .get("region")
            .map(|field| field.parsed("a region such as `eu-west-1`", spelling::region))
            .transpose()?,
        server_id: word(section, "server_id")?,
        from: section.get("from").map_or_else(|| Ok(VaultAwsKeys::environment()), VaultAwsKeys::parse)?,
    })
}

impl VaultMethod {
    /// Where its texts come from.
    pub(super) fn sources(&self) -> Vec<&CredentialSource> {
        match self {
            Self::AppRole { role_id, secret_id } => std::iter::once(role_id).chain(secret_id).collect(),
            Self::Password { password, .. } => vec![password],
            Self::Jwt { jwt, .. } => vec![jwt],
            Self::Aws { from, .. } => [&from.id, &from.secret].into_iter().chain(&from.token).collect(),
        }
    }
}

impl VaultAwsKeys {
    fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        let keys = field.section("a map with `keys`", &["keys"])?;
        let keys = keys.require("keys", "a map with `id` and `secret`")?;
        let section = keys.section("a map with `id` and `secret`", &["id", "secret", "token"])?;
        Ok(Self {
            id: source(&section, "id")?,
            secret: source(&section, "secret")?,
            token: section.get("token").map(CredentialSource::parse).transpose()?,
        })
    }

    /// From the variables that every tool of AWS reads.
    fn environment() -> Self {
        let variable = |name: &str| CredentialSource::Env(name.to_owned());
        Self {
            id: variable("AWS_ACCESS_KEY_ID"),
            secret: variable("AWS_SECRET_ACCESS_KEY"),
            token: Some(variable("AWS_SESSION_TOKEN")),
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
            Self::Aws { role: name, region, server_id, from } => {
                f.write_str("aws")?;
                role(f, name)?;
                write!(f, ", STS of {}", region.as_deref().unwrap_or("no region"))?;
                if let Some(server_id) = server_id {
                    write!(f, ", server {server_id}")?;
                }
                write!(f, ", key from {} and {}", from.id, from.secret)
            }
        }
    }
}
