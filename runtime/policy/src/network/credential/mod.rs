//! Credentials that the host attaches to requests. The guest never holds them.

mod aws;
mod aws_reach;
mod azure;
mod endpoint;
mod google;
mod reach;
mod source;
mod value;
mod vault;

use std::path::Path;

use super::{Origin, Request, RequestPattern};
use crate::document::{Field, FileError, quoted};

pub use aws::{AwsCredential, AwsKeys, AwsProfile, AwsRole, AwsSource, AwsWebIdentity};
pub use azure::{AzureCredential, AzureSource};
pub use google::{GoogleCredential, GoogleSource};
pub use reach::HostNames;
pub use source::CredentialSource;
pub use value::ValueCredential;
pub use vault::{VaultCredential, VaultLogin, VaultMethod, VaultToken};

/// What is attached to the requests of one destination, and where its value comes from.
#[derive(Clone, Debug)]
pub struct Credential {
    kind: CredentialKind,
    spec: CredentialSpec,
    paths: Vec<RequestPattern>,
}

/// How a credential is attached to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialKind {
    /// The value in this header.
    Header(String),
    /// `Authorization: Bearer …`.
    Bearer,
    /// A Kubernetes service-account token.
    Kubernetes,
    /// A Vault token.
    Vault,
    /// AWS request signing.
    Aws,
    /// An Azure access token.
    Azure,
    /// A Google access token.
    Google,
}

/// What a credential is made from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CredentialSpec {
    /// A text, in a header.
    Value(ValueCredential),
    /// A Vault token, given or from a login.
    Vault(VaultCredential),
    /// AWS request signing.
    Aws(AwsCredential),
    /// An Azure access token.
    Azure(AzureCredential),
    /// A Google access token.
    Google(GoogleCredential),
}

/// Kinds, by their spelling: reads the keys that a kind has beside `kind` and `paths`.
type Parse = fn(&Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError>;

const KINDS: [(&str, Parse); 7] = [
    ("header", value::header),
    ("bearer", value::bearer),
    ("kubernetes", value::kubernetes),
    ("vault", vault::parse),
    ("aws", aws::parse),
    ("azure", azure::parse),
    ("google", google::parse),
];

impl Credential {
    /// How it is attached.
    pub const fn kind(&self) -> &CredentialKind {
        &self.kind
    }

    /// What it is made from.
    pub const fn spec(&self) -> &CredentialSpec {
        &self.spec
    }

    /// Whether the host asks the store for it, so that the destination has to be one store.
    pub(super) const fn asks_the_store(&self) -> bool {
        matches!(&self.spec, CredentialSpec::Vault(vault) if vault.asks())
    }

    /// The requests that it goes with; empty for every request of the destination.
    pub fn paths(&self) -> &[RequestPattern] {
        &self.paths
    }

    /// The files that the host reads for it, again and again.
    pub fn files(&self) -> Vec<&Path> {
        match &self.spec {
            CredentialSpec::Value(value) => value.from.file().into_iter().collect(),
            CredentialSpec::Vault(vault) => vault.files(),
            CredentialSpec::Aws(aws) => aws.files(),
            CredentialSpec::Azure(azure) => azure.from.file().into_iter().collect(),
            CredentialSpec::Google(google) => google.from.file().into_iter().collect(),
        }
    }

    /// The TCP ports that its source connects to, beside that of the destination.
    pub fn ports(&self) -> Vec<u16> {
        match &self.spec {
            CredentialSpec::Vault(vault) => vault.ports(),
            CredentialSpec::Aws(aws) => aws.ports(),
            CredentialSpec::Azure(azure) => ports(azure.authority.iter().chain(&azure.metadata)),
            CredentialSpec::Google(google) => {
                ports(google.endpoints.iter().chain(&google.metadata).chain(&google.iam))
            }
            CredentialSpec::Value(_) => Vec::new(),
        }
    }

    /// Whether it goes with this request.
    pub(super) fn goes_with(&self, request: &Request) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|rule| rule.covers(request.pattern()))
    }

    /// Kind and source without any value, for `explain`.
    pub fn describe(&self) -> String {
        let what = match &self.spec {
            CredentialSpec::Value(value) => match &self.kind {
                CredentialKind::Kubernetes => format!("kubernetes from {}", value.from),
                CredentialKind::Bearer => format!("bearer from {}", value.from),
                _ => format!("header {} from {}", value.header, value.from),
            },
            CredentialSpec::Vault(vault) => vault.to_string(),
            CredentialSpec::Aws(aws) => aws.to_string(),
            CredentialSpec::Azure(azure) => azure.to_string(),
            CredentialSpec::Google(google) => google.to_string(),
        };
        let with: Vec<String> = self.paths.iter().map(ToString::to_string).collect();
        if with.is_empty() { what } else { format!("{what} with [{}]", with.join(", ")) }
    }

    /// `allow` is what its destination allows: it goes with no other request.
    pub(super) fn parse(field: &Field<'_>, allow: &[RequestPattern]) -> Result<Self, FileError> {
        let entries = field.entries("a map with `kind`")?;
        let names = KINDS.map(|(name, _)| format!("`{name}`")).join(", ");
        let kind_field =
            entries.iter().find(|(name, _)| *name == "kind").map(|(_, kind)| kind).ok_or_else(|| {
                field.error(format_args!("the key `kind` is missing: expected one of {names}"))
            })?;
        let kind = kind_field.text(&names)?;
        let parse =
            KINDS.iter().find(|(name, _)| *name == kind).map(|(_, parse)| parse).ok_or_else(|| {
                kind_field.error(format_args!("expected one of {names}, found {}", quoted(kind)))
            })?;
        let (kind, spec) = parse(field)?;
        let paths = entries.iter().find(|(name, _)| *name == "paths").map(|(_, paths)| paths);
        let paths = paths.map_or_else(|| Ok(Vec::new()), |paths| rules(paths, allow))?;
        Ok(Self { kind, spec, paths })
    }
}

impl CredentialKind {
    /// The spelling in a policy.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Header(_) => "header",
            Self::Bearer => "bearer",
            Self::Kubernetes => "kubernetes",
            Self::Vault => "vault",
            Self::Aws => "aws",
            Self::Azure => "azure",
            Self::Google => "google",
        }
    }
}

/// Those of the clouds' own services, and of the origins that a policy names.
fn ports<'a>(named: impl Iterator<Item = &'a Origin>) -> Vec<u16> {
    [80, 443].into_iter().chain(named.map(Origin::port)).collect()
}

/// Keys of every kind.
const COMMON: [&str; 2] = ["kind", "paths"];

/// The keys that a kind may have.
fn keys(own: &[&'static str]) -> Vec<&'static str> {
    COMMON.iter().chain(own).copied().collect()
}

fn rules(field: &Field<'_>, allow: &[RequestPattern]) -> Result<Vec<RequestPattern>, FileError> {
    let items = field.list("a list of `METHOD /path`")?;
    if items.is_empty() {
        return Err(field.error("an empty list would attach it to nothing: remove `paths`, or name some"));
    }
    items
        .iter()
        .map(|item| {
            let rule = super::destination::rule(item)?;
            if allow.iter().any(|allowed| allowed.covers(&rule)) {
                return Ok(rule);
            }
            Err(item
                .error("no line of `allow` covers it: a credential goes with no more than what is allowed"))
        })
        .collect()
}
