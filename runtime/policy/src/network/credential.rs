//! Credentials that the host attaches to requests. The guest never holds them.

use std::path::PathBuf;

use secrecy::SecretString;

use super::headers;
use crate::document::{Field, FileError};

/// What is attached, and where its value comes from.
#[derive(Clone, Debug)]
pub struct Credential {
    kind: CredentialKind,
    from: Option<CredentialSource>,
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

/// Where a credential's value comes from.
#[derive(Clone, Debug)]
pub enum CredentialSource {
    /// A trusted file, read when it is needed.
    File(PathBuf),
    /// A variable of the host.
    Env(String),
    /// Text in the policy file.
    Value(SecretString),
}

/// Kinds, whether `from` must be given.
const KINDS: [(&str, (CredentialKind, bool)); 6] = [
    ("bearer", (CredentialKind::Bearer, true)),
    ("kubernetes", (CredentialKind::Kubernetes, false)),
    ("vault", (CredentialKind::Vault, true)),
    ("aws", (CredentialKind::Aws, false)),
    ("azure", (CredentialKind::Azure, false)),
    ("google", (CredentialKind::Google, false)),
];

impl Credential {
    /// How it is attached.
    pub const fn kind(&self) -> &CredentialKind {
        &self.kind
    }

    /// Where its value comes from; nothing means the platform's own identity.
    pub const fn source(&self) -> Option<&CredentialSource> {
        self.from.as_ref()
    }

    /// Kind and source without any value, for `explain`.
    pub fn describe(&self) -> String {
        let from = match &self.from {
            None => "the platform's identity".to_owned(),
            Some(CredentialSource::File(path)) => format!("file {}", path.display()),
            Some(CredentialSource::Env(name)) => format!("variable {name}"),
            Some(CredentialSource::Value(_)) => "a value in the policy file".to_owned(),
        };
        match &self.kind {
            CredentialKind::Header(name) => format!("header {name} from {from}"),
            kind => format!("{} from {from}", kind.as_str()),
        }
    }

    pub(super) fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        let section = field.section("a map with `kind`", &["kind", "name", "from"])?;
        let from = section.get("from").map(CredentialSource::parse).transpose()?;
        let kind_field = section
            .require("kind", "`header`, `bearer`, `kubernetes`, `vault`, `aws`, `azure` or `google`")?;
        let (kind, from_needed) = if kind_field.text("a kind")? == "header" {
            let name = section.require("name", "the header's name")?;
            (CredentialKind::Header(name.parsed("a header name", headers::check)?), true)
        } else {
            if let Some(name) = section.get("name") {
                return Err(name.error("only `kind: header` has a name: remove it"));
            }
            let kind = kind_field.text("a kind")?;
            let known = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, kind)| kind.clone());
            known.ok_or_else(|| {
                kind_field
                    .error("expected `header`, `bearer`, `kubernetes`, `vault`, `aws`, `azure` or `google`")
            })?
        };
        if from_needed && from.is_none() {
            return Err(field.error(
                "the key `from` is missing: expected `{ file: PATH }`, `{ env: NAME }` or `{ value: … }`",
            ));
        }
        Ok(Self { kind, from })
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

impl CredentialSource {
    fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        let what = "one of `{ file: PATH }`, `{ env: NAME }` and `{ value: … }`";
        let section = field.section(what, &["file", "env", "value"])?;
        match (section.get("file"), section.get("env"), section.get("value")) {
            (Some(file), None, None) => Ok(Self::File(super::destination::absolute(file)?)),
            (None, Some(name), None) => {
                Ok(Self::Env(name.parsed("a variable's name", crate::environment::check_name)?))
            }
            (None, None, Some(value)) => Ok(Self::Value(value.text("text")?.into())),
            _ => Err(field.error(format_args!("expected exactly {what}"))),
        }
    }
}
