//! Access tokens of Azure.

use std::fmt;
use std::path::Path;

use super::endpoint::{endpoint, word};
use super::{CredentialKind, CredentialSource, CredentialSpec, keys};
use crate::document::{Field, FileError, Value};
use crate::network::Origin;

/// How the host comes to access tokens of Azure.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AzureCredential {
    /// What proves who asks.
    pub from: AzureSource,
    /// The directory: an identifier or a domain. Nothing: `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// The application, or the user-assigned identity. Nothing: `AZURE_CLIENT_ID`.
    pub client: Option<String>,
    /// Who gives tokens. Nothing: `AZURE_AUTHORITY_HOST` where that is one of Azure's own, else the public cloud.
    pub authority: Option<Origin>,
    /// What the token is for.
    pub scope: String,
    /// The instance's metadata service. Nothing: at its own address.
    pub metadata: Option<Origin>,
}

/// What proves to Azure who asks.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AzureSource {
    /// The first that is there: variables, workload identity, managed identity.
    Chain,
    /// The variables `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH`.
    Environment,
    /// A secret of the application.
    Secret(CredentialSource),
    /// Certificate and RSA key of the application, as PEM.
    Certificate {
        /// Both, in one text.
        pem: CredentialSource,
        /// Whether the whole chain is sent, for applications that trust an issuer and a name.
        chain: bool,
    },
    /// A token of another issuer; nothing: in the file that `AZURE_FEDERATED_TOKEN_FILE` names.
    Workload(Option<CredentialSource>),
    /// The identity of the machine, service or container.
    Managed,
}

/// Tokens for vaults of the public cloud.
const SCOPE: &str = "https://vault.azure.net/.default";

const FROM: &str =
    "`environment`, `workload`, `managed`, or a map with one of `secret`, `certificate`, `workload`";

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let own = ["from", "tenant", "client", "authority", "scope", "metadata"];
    let section = field.section("a map", &keys(&own))?;
    let id = |key: &str, what: &str| section.get(key).map(|field| word(field, what, b"-._")).transpose();
    let spec = AzureCredential {
        from: section.get("from").map_or(Ok(AzureSource::Chain), source)?,
        tenant: id("tenant", "a tenant")?,
        client: id("client", "a client's identifier")?,
        authority: section.get("authority").map(endpoint).transpose()?,
        scope: section.get("scope").map_or_else(|| Ok(SCOPE.to_owned()), scope)?,
        metadata: section.get("metadata").map(endpoint).transpose()?,
    };
    let is_given = matches!(&spec.from, AzureSource::Secret(_) | AzureSource::Certificate { .. })
        || matches!(&spec.from, AzureSource::Workload(Some(_)));
    if is_given {
        section.require("tenant", "the directory that the application is in")?;
        section.require("client", "the application's identifier")?;
    }
    Ok((CredentialKind::Azure, CredentialSpec::Azure(spec)))
}

fn source(field: &Field<'_>) -> Result<AzureSource, FileError> {
    if matches!(field.value(), Value::Text(_)) {
        return match field.text(FROM)? {
            "environment" => Ok(AzureSource::Environment),
            "workload" => Ok(AzureSource::Workload(None)),
            "managed" => Ok(AzureSource::Managed),
            "cli" | "azd" | "powershell" => {
                Err(field.error(format_args!("nothing is executed to get a credential: expected {FROM}")))
            }
            _ => Err(field.error(format_args!("expected {FROM}"))),
        };
    }
    let section = field.section(FROM, &["secret", "certificate", "chain", "workload"])?;
    let text = |key: &str| section.get(key).map(CredentialSource::parse).transpose();
    let chain = section.get("chain").map(Field::boolean).transpose()?;
    match (text("secret")?, text("certificate")?, text("workload")?) {
        (Some(secret), None, None) if chain.is_none() => Ok(AzureSource::Secret(secret)),
        (None, Some(pem), None) => {
            let is_pkcs12 = |extension: &std::ffi::OsStr| {
                extension.eq_ignore_ascii_case("pfx") || extension.eq_ignore_ascii_case("p12")
            };
            if pem.file().and_then(|path| path.extension()).is_some_and(is_pkcs12) {
                return Err(field.error(
                    "PKCS#12 is not read: write certificate and key as PEM (`openssl pkcs12 -in FILE -nodes`)",
                ));
            }
            Ok(AzureSource::Certificate { pem, chain: chain.unwrap_or(false) })
        }
        (None, None, Some(token)) if chain.is_none() => Ok(AzureSource::Workload(Some(token))),
        _ => Err(field.error(format_args!("expected {FROM}; `chain` goes with `certificate`"))),
    }
}

fn scope(field: &Field<'_>) -> Result<String, FileError> {
    let scope = word(field, "a scope", b"-._~:/")?;
    let fits = scope.strip_suffix("/.default").is_some_and(|resource| !resource.is_empty());
    if fits { Ok(scope) } else { Err(field.error("a scope ends with `/.default`")) }
}

impl AzureSource {
    /// The file that the policy names, where it names one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Secret(from) | Self::Certificate { pem: from, .. } | Self::Workload(Some(from)) => {
                from.file()
            }
            Self::Chain | Self::Environment | Self::Workload(None) | Self::Managed => None,
        }
    }
}

impl fmt::Display for AzureCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "azure from {}", self.from)?;
        if let Some(tenant) = &self.tenant {
            write!(f, ", tenant {tenant}")?;
        }
        if let Some(client) = &self.client {
            write!(f, ", client {client}")?;
        }
        if let Some(authority) = &self.authority {
            write!(f, ", authority {authority}")?;
        }
        if self.scope != SCOPE {
            write!(f, ", scope {}", self.scope)?;
        }
        if let Some(metadata) = &self.metadata {
            write!(f, ", metadata {metadata}")?;
        }
        Ok(())
    }
}

impl fmt::Display for AzureSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain => f.write_str("variables, workload or managed identity"),
            Self::Environment => f.write_str("the host's AZURE variables"),
            Self::Secret(from) => write!(f, "a secret in {from}"),
            Self::Certificate { pem, .. } => write!(f, "a certificate in {pem}"),
            Self::Workload(Some(token)) => write!(f, "workload identity of {token}"),
            Self::Workload(None) => f.write_str("the host's workload identity"),
            Self::Managed => f.write_str("managed identity"),
        }
    }
}
