//! Credentials of AWS: requests are signed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::endpoint::{endpoint, word};
use super::source::FORMS;
use super::{CredentialKind, CredentialSource, CredentialSpec, keys};
use crate::document::{Field, FileError};
use crate::network::Origin;
use crate::network::destination::absolute;
use crate::quantity::Quantity as _;

/// How the host signs requests to AWS.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AwsCredential {
    /// The service's name in signatures: `secretsmanager`, `ssm`.
    pub service: String,
    /// The region in signatures. Nothing: that of the destination's host, else that of the host's settings.
    pub region: Option<String>,
    /// Where the keys come from.
    pub from: AwsSource,
    /// The role that is taken with them.
    pub role: Option<AwsRole>,
    /// The security token service. Nothing: AWS's own, of the region.
    pub sts: Option<Origin>,
    /// The instance's metadata service. Nothing: at its own address.
    pub metadata: Option<Origin>,
}

/// Where keys of AWS come from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AwsSource {
    /// The first that is there: variables, web identity, profile, container, instance.
    Chain,
    /// The variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    Environment,
    /// They are given.
    Keys(AwsKeys),
    /// A profile of the shared files.
    Profile(AwsProfile),
    /// A token of another issuer; nothing: as the variables `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN` say.
    WebIdentity(Option<AwsWebIdentity>),
    /// The service of a container or pod, as the variables `AWS_CONTAINER_…` say.
    Container,
    /// The service of an instance.
    Instance,
}

/// Keys of AWS.
#[derive(Clone, Debug)]
pub struct AwsKeys {
    /// The key's identifier, `AKIA…`.
    pub id: CredentialSource,
    /// The key.
    pub secret: CredentialSource,
    /// What temporary keys have beside.
    pub token: Option<CredentialSource>,
}

/// A profile of the shared files.
#[derive(Clone, Debug)]
pub struct AwsProfile {
    /// Its name. Nothing: `AWS_PROFILE`, else `default`.
    pub name: Option<String>,
    /// Nothing: `AWS_CONFIG_FILE`, else `~/.aws/config`.
    pub config: Option<PathBuf>,
    /// Nothing: `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`.
    pub credentials: Option<PathBuf>,
}

/// A token of another issuer, for a role.
#[derive(Clone, Debug)]
pub struct AwsWebIdentity {
    /// The token.
    pub token: CredentialSource,
    /// The role that it is for.
    pub role: String,
    /// Name of the session, in AWS's log.
    pub session: Option<String>,
}

/// A role that is taken with other credentials.
#[derive(Clone, Debug)]
pub struct AwsRole {
    /// The role.
    pub arn: String,
    /// What the role's owner asks for.
    pub external_id: Option<CredentialSource>,
    /// Name of the session, in AWS's log.
    pub session: Option<String>,
    /// How long the session is valid.
    pub duration: Duration,
}

/// Shortest and longest session that AWS gives; the shortest is the default.
const DURATIONS: (Duration, Duration) = (Duration::from_secs(900), Duration::from_secs(12 * 3600));

const FROM: &str = "`environment`, `web_identity`, `profile`, `container`, `instance`, or a map with `keys`, `profile` or `web_identity`";

pub(super) fn parse(field: &Field<'_>) -> Result<(CredentialKind, CredentialSpec), FileError> {
    let own = ["service", "region", "from", "role", "sts", "metadata"];
    let section = field.section("a map", &keys(&own))?;
    let service = section.require("service", "a service's name in signatures, such as `secretsmanager`")?;
    let spec = AwsCredential {
        service: word(service, "a service's name", b"-")?,
        region: section.get("region").map(|field| word(field, "a region", b"-")).transpose()?,
        from: section.get("from").map_or(Ok(AwsSource::Chain), source)?,
        role: section.get("role").map(role).transpose()?,
        sts: section.get("sts").map(endpoint).transpose()?,
        metadata: section.get("metadata").map(endpoint).transpose()?,
    };
    Ok((CredentialKind::Aws, CredentialSpec::Aws(spec)))
}

pub(super) fn source(field: &Field<'_>) -> Result<AwsSource, FileError> {
    let any = AwsProfile { name: None, config: None, credentials: None };
    if matches!(field.value(), crate::document::Value::Text(_)) {
        return match field.text(FROM)? {
            "environment" => Ok(AwsSource::Environment),
            "web_identity" => Ok(AwsSource::WebIdentity(None)),
            "profile" => Ok(AwsSource::Profile(any)),
            "container" => Ok(AwsSource::Container),
            "instance" => Ok(AwsSource::Instance),
            "process" | "sso" => Err(field.error(format_args!(
                "nothing is executed and nobody logs in to get a credential: expected {FROM}"
            ))),
            _ => Err(field.error(format_args!("expected {FROM}"))),
        };
    }
    let section = field.section(FROM, &["keys", "profile", "config", "credentials", "web_identity"])?;
    let path = |key: &str| section.get(key).map(absolute).transpose();
    let files = (path("config")?, path("credentials")?);
    let has_files = files.0.is_some() || files.1.is_some();
    match (section.get("keys"), section.get("profile"), section.get("web_identity")) {
        (Some(keys), None, None) if !has_files => {
            let section = keys.section("a map with `id` and `secret`", &["id", "secret", "token"])?;
            let text = |key: &str| section.require(key, FORMS).and_then(CredentialSource::parse);
            let token = section.get("token").map(CredentialSource::parse).transpose()?;
            Ok(AwsSource::Keys(AwsKeys { id: text("id")?, secret: text("secret")?, token }))
        }
        (None, name, None) if name.is_some() || has_files => {
            let name = name.map(|field| word(field, "a profile's name", b"-_.@+=/:")).transpose()?;
            Ok(AwsSource::Profile(AwsProfile { name, config: files.0, credentials: files.1 }))
        }
        (None, None, Some(web)) if !has_files => {
            let section = web.section("a map with `token` and `role`", &["token", "role", "session"])?;
            Ok(AwsSource::WebIdentity(Some(AwsWebIdentity {
                token: CredentialSource::parse(section.require("token", FORMS)?)?,
                role: arn(section.require("role", "`arn:aws:iam::…:role/…`")?)?,
                session: section.get("session").map(session).transpose()?,
            })))
        }
        _ => Err(field.error(format_args!("expected {FROM}, and one of them"))),
    }
}

pub(super) fn role(field: &Field<'_>) -> Result<AwsRole, FileError> {
    let section = field.section("a map with `arn`", &["arn", "external_id", "session", "duration"])?;
    let duration = section.get("duration").map(|field| {
        let length = Duration::from_text(&field.quantity()?).map_err(|error| field.error(error))?;
        if length < DURATIONS.0 || length > DURATIONS.1 {
            return Err(field.error("AWS gives sessions of `15m` to `12h`"));
        }
        Ok(length)
    });
    Ok(AwsRole {
        arn: arn(section.require("arn", "`arn:aws:iam::…:role/…`")?)?,
        external_id: section.get("external_id").map(CredentialSource::parse).transpose()?,
        session: section.get("session").map(session).transpose()?,
        duration: duration.transpose()?.unwrap_or(DURATIONS.0),
    })
}

fn arn(field: &Field<'_>) -> Result<String, FileError> {
    let arn = word(field, "a role", b"-_.@+=/:,")?;
    let is_role = arn.starts_with("arn:") && arn.contains(":role/");
    if is_role { Ok(arn) } else { Err(field.error("expected `arn:aws:iam::ACCOUNT:role/NAME`")) }
}

fn session(field: &Field<'_>) -> Result<String, FileError> {
    let name = word(field, "a session's name", b"-_.@+=,")?;
    let fits = (2..=64).contains(&name.len());
    if fits { Ok(name) } else { Err(field.error("a session's name has 2 to 64 characters")) }
}

impl fmt::Display for AwsCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "aws {}", self.service)?;
        if let Some(region) = &self.region {
            write!(f, " of {region}")?;
        }
        write!(f, " from {}", self.from)?;
        if let Some(role) = &self.role {
            write!(f, ", as {}", role.arn)?;
        }
        if let Some(sts) = &self.sts {
            write!(f, ", sts {sts}")?;
        }
        if let Some(metadata) = &self.metadata {
            write!(f, ", metadata {metadata}")?;
        }
        Ok(())
    }
}

impl fmt::Display for AwsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain => f.write_str("the standard chain"),
            Self::Environment => f.write_str("the host's AWS variables"),
            Self::Keys(keys) => write!(f, "{}", keys.secret),
            Self::Profile(AwsProfile { name: Some(name), .. }) => write!(f, "profile {name}"),
            Self::Profile(_) => f.write_str("the host's profile"),
            Self::WebIdentity(Some(web)) => write!(f, "web identity of {} as {}", web.token, web.role),
            Self::WebIdentity(None) => f.write_str("the host's web identity"),
            Self::Container => f.write_str("the container's metadata service"),
            Self::Instance => f.write_str("the instance's metadata service"),
        }
    }
}
