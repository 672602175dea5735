//! A profile of the shared files: keys, or a role that is taken with those of another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aws_credential_types::Credentials;
use portcullis_policy::network::AwsProfile;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::CredentialError;
use super::super::cloud::{Ask, Metadata};
use super::ini::{self, Form, Section};
use super::source::from_environment;
use super::sts::{Session, Sts};
use super::{container, credentials, instance};

/// Most roles that are taken one after the other.
const ROLES: usize = 8;

/// The profiles of a host, and the one that is meant.
pub(super) struct Profiles {
    name: String,
    /// Whether somebody named it: then it must be there.
    is_named: bool,
    all: BTreeMap<String, Section>,
}

/// Keys of a profile that would start a process or a login by a browser, and so are refused. A name that ends with `_` is a
/// beginning.
const REFUSED: &[&str] = &["credential_process", "sso_", "login_session", "mfa_serial"];

impl Profiles {
    /// Reads the shared files. One that is not there is empty, unless the policy names it.
    pub(super) fn read(ask: &Ask<'_>, spec: &AwsProfile) -> Result<Self, CredentialError> {
        let of_host = ask.setting("AWS_PROFILE");
        let is_named = spec.name.is_some() || of_host.is_some();
        let name = spec.name.clone().or(of_host).unwrap_or_else(|| "default".to_owned());
        let mut all = BTreeMap::new();
        let files = [
            (&spec.config, "AWS_CONFIG_FILE", ".aws/config", Form::Config),
            (&spec.credentials, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials", Form::Credentials),
        ];
        for (named, variable, below_home, form) in files {
            if let Some(text) = text(ask, named.as_deref(), variable, below_home)? {
                ini::read(text.expose_secret(), form, &mut all);
            }
        }
        Ok(Self { name, is_named, all })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The region that the profile is for.
    pub(super) fn region(&self) -> Option<String> {
        self.all.get(&self.name)?.get("region").map(|region| region.as_str().to_owned())
    }

    /// The keys of the profile; nothing where it has none.
    pub(super) async fn keys(
        &self,
        ask: &Ask<'_>,
        sts: &Sts<'_>,
        metadata: &Metadata,
    ) -> Result<Option<Credentials>, CredentialError> {
        let Some(first) = self.all.get(&self.name) else {
            let problem = format!("there is no profile `{}`", self.name);
            return if self.is_named { Err(ask.error(problem)) } else { Ok(None) };
        };
        // From the profile that is meant to the one that has keys; then back, role by role.
        let mut roles = Vec::new();
        let (mut name, mut section) = (self.name.as_str(), first);
        let mut keys = loop {
            refuse(ask, name, section)?;
            let Some(role) = get(section, "role_arn") else {
                match own(section) {
                    Some(keys) => break keys,
                    None if roles.is_empty() => return Ok(None),
                    None => return Err(ask.error(format!("the profile `{name}` has no keys"))),
                }
            };
            if let Some(file) = get(section, "web_identity_token_file") {
                let token = ask.inputs.file_text(Path::new(file))?;
                break sts.web_identity(ask, &token, &session(section, role)).await?;
            }
            if roles.len() >= ROLES {
                return Err(ask.error(format!("the profile `{}` leads in a circle", self.name)));
            }
            roles.push(session(section, role));
            match (get(section, "source_profile"), get(section, "credential_source")) {
                (Some(next), None) if next == name => {
                    break own(section).ok_or_else(|| {
                        ask.error(format!("the profile `{name}` is its own source, without keys"))
                    })?;
                }
                (Some(next), None) => {
                    section = self.all.get(next).ok_or_else(|| {
                        ask.error(format!("the profile `{name}` has a source that is no profile"))
                    })?;
                    name = next;
                }
                (None, Some(source)) => break self.sourced(ask, metadata, source).await?,
                _ => {
                    return Err(ask.error(format!(
                        "the profile `{name}` has a role: it needs one of `source_profile` and `credential_source`"
                    )));
                }
            }
        };
        for role in roles.iter().rev() {
            keys = sts.assume_role(ask, &keys, role).await?;
        }
        Ok(Some(keys))
    }

    async fn sourced(
        &self,
        ask: &Ask<'_>,
        metadata: &Metadata,
        source: &str,
    ) -> Result<Credentials, CredentialError> {
        let missing =
            || ask.error(format!("the profile `{}` has a `credential_source` that gives no keys", self.name));
        match source {
            "Environment" => from_environment(ask)?.ok_or_else(missing),
            "EcsContainer" => container::keys(ask).await?.ok_or_else(missing),
            "Ec2InstanceMetadata" => instance::keys(ask, metadata).await,
            _ => Err(missing()),
        }
    }
}

/// The text of a shared file.
fn text(
    ask: &Ask<'_>,
    named: Option<&Path>,
    variable: &str,
    below_home: &str,
) -> Result<Option<SecretString>, CredentialError> {
    if let Some(path) = named {
        return Ok(Some(ask.inputs.file_text(path)?));
    }
    let of_host = ask.setting(variable).map(PathBuf::from);
    let Some(path) = of_host.or_else(|| Some(Path::new(&ask.setting("HOME")?).join(below_home))) else {
        return Ok(None);
    };
    if !ask.inputs.has_file(&path) {
        return Ok(None);
    }
    Ok(Some(ask.inputs.file_text(&path)?))
}

fn refuse(ask: &Ask<'_>, name: &str, section: &Section) -> Result<(), CredentialError> {
    let is_refused = |key: &str| {
        REFUSED.iter().any(|refused| key == *refused || (refused.ends_with('_') && key.starts_with(refused)))
    };
    match section.keys().find(|key| is_refused(key)) {
        None => Ok(()),
        Some(key) => Err(ask.error(format!(
            "the profile `{name}` has `{key}`: nothing is executed and nobody logs in to get a credential; give the profile keys \
             or a role, or name another source in `from`"
        ))),
    }
}

fn get<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    section.get(key).map(|value| value.as_str()).filter(|value| !value.is_empty())
}

/// The keys that a profile has itself.
fn own(section: &Section) -> Option<Credentials> {
    let (id, secret) = (get(section, "aws_access_key_id")?, get(section, "aws_secret_access_key")?);
    Some(credentials(id, secret, get(section, "aws_session_token"), None, "profile"))
}

fn session<'a>(section: &'a Section, role: &'a str) -> Session<'a> {
    Session {
        role,
        name: get(section, "role_session_name"),
        external_id: get(section, "external_id").map(SecretString::from),
        seconds: get(section, "duration_seconds").and_then(|seconds| seconds.parse().ok()),
    }
}
