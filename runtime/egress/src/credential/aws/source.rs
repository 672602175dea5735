//! Which source gives the keys, and in which region it is asked.

use async_trait::async_trait;
use aws_credential_types::Credentials;
use portcullis_policy::network::{
    AwsCredential, AwsKeys, AwsProfile, AwsRole, AwsSource, AwsWebIdentity, MetadataService,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::CredentialError;
use super::super::cloud::{Ask, Made, Metadata, Source};
use super::profile::Profiles;
use super::sts::{Session, Sts};
use super::{container, credentials, instance};

/// The source of one credential.
pub(super) struct AwsKeysSource {
    spec: AwsCredential,
}

/// Keys, and the region of the settings that they came from.
pub(super) struct AwsMade {
    pub(super) keys: Credentials,
    pub(super) region: Option<String>,
}

impl AwsKeysSource {
    pub(super) const fn new(spec: AwsCredential) -> Self {
        Self { spec }
    }

    /// The instance's metadata service.
    fn instance(&self) -> Metadata {
        Metadata { service: MetadataService::AwsInstance, named: self.spec.metadata.clone() }
    }

    /// The region of requests to the token service.
    async fn region(&self, ask: &Ask<'_>) -> Result<Option<String>, CredentialError> {
        let known = self
            .spec
            .region
            .clone()
            .or_else(|| region_of_host(&ask.destination.origin().host()))
            .or_else(|| ask.setting("AWS_REGION"))
            .or_else(|| ask.setting("AWS_DEFAULT_REGION"));
        if known.is_some() {
            return Ok(known);
        }
        if let AwsSource::Chain | AwsSource::Profile(_) = &self.spec.from
            && let Some(region) = Profiles::read(ask, &self.profile())?.region()
        {
            return Ok(Some(region));
        }
        if matches!(&self.spec.from, AwsSource::Chain | AwsSource::Instance) && instance::is_enabled(ask) {
            return Ok(instance::region(ask, &self.instance()).await.ok());
        }
        Ok(None)
    }

    fn profile(&self) -> AwsProfile {
        match &self.spec.from {
            AwsSource::Profile(profile) => profile.clone(),
            _ => AwsProfile { name: None, config: None, credentials: None },
        }
    }

    async fn base(&self, ask: &Ask<'_>, sts: &Sts<'_>) -> Result<Credentials, CredentialError> {
        match &self.spec.from {
            AwsSource::Chain => self.chain(ask, sts).await,
            AwsSource::Environment => from_environment(ask)?.ok_or_else(|| {
                ask.error("the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
            }),
            AwsSource::Keys(keys) => given(ask, keys),
            AwsSource::Profile(profile) => {
                let profiles = Profiles::read(ask, profile)?;
                profiles.keys(ask, sts, &self.instance()).await?.ok_or_else(|| {
                    ask.error(format!("the profile `{}` has no keys and no role", profiles.name()))
                })
            }
            AwsSource::WebIdentity(Some(web)) => of_web_identity(ask, sts, web).await,
            AwsSource::WebIdentity(None) => web_identity_of_host(ask, sts).await?.ok_or_else(|| {
                ask.error("the variables AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not set")
            }),
            AwsSource::Container => container::keys(ask)
                .await?
                .ok_or_else(|| ask.error("the variables AWS_CONTAINER_CREDENTIALS_… are not set")),
            AwsSource::Instance => instance::keys(ask, &self.instance()).await,
            _ => Err(ask.error("this build does not know this source")),
        }
    }

    /// The first that is there. One that is there and broken is an error: the next could be somebody else.
    async fn chain(&self, ask: &Ask<'_>, sts: &Sts<'_>) -> Result<Credentials, CredentialError> {
        if let Some(keys) = from_environment(ask)? {
            return Ok(keys);
        }
        if let Some(keys) = web_identity_of_host(ask, sts).await? {
            return Ok(keys);
        }
        let profiles = Profiles::read(ask, &self.profile())?;
        if let Some(keys) = profiles.keys(ask, sts, &self.instance()).await? {
            return Ok(keys);
        }
        if let Some(keys) = container::keys(ask).await? {
            return Ok(keys);
        }
        if !instance::is_enabled(ask) {
            return Err(ask.error(
                "no keys: neither variables nor web identity nor profile nor container, and AWS_EC2_METADATA_DISABLED is set",
            ));
        }
        instance::keys(ask, &self.instance()).await
    }
}

#[async_trait]
impl Source for AwsKeysSource {
    type Value = AwsMade;

    async fn make(&self, ask: &Ask<'_>) -> Result<Made<AwsMade>, CredentialError> {
        let region = self.region(ask).await?;
        let sts = Sts { named: self.spec.sts.as_ref(), region: region.as_deref() };
        let mut keys = self.base(ask, &sts).await?;
        if let Some(AwsRole { arn, external_id, session, duration }) = &self.spec.role {
            let external_id = external_id.as_ref().map(|from| ask.inputs.text(from)).transpose()?;
            let name = session.as_deref();
            let session = Session { role: arn, name, external_id, seconds: Some(duration.as_secs()) };
            keys = sts.assume_role(ask, &keys, &session).await?;
        }
        Ok(Made { expires: keys.expiry(), value: AwsMade { keys, region } })
    }
}

fn given(ask: &Ask<'_>, keys: &AwsKeys) -> Result<Credentials, CredentialError> {
    let (id, secret) = (ask.inputs.text(&keys.id)?, ask.inputs.text(&keys.secret)?);
    let token = keys.token.as_ref().map(|from| ask.inputs.text(from)).transpose()?;
    let token = token.as_ref().map(SecretString::expose_secret);
    Ok(credentials(id.expose_secret(), secret.expose_secret(), token, None, "given"))
}

/// The keys in variables; nothing where there are none.
pub(super) fn from_environment(ask: &Ask<'_>) -> Result<Option<Credentials>, CredentialError> {
    let (id, secret) = (ask.secret("AWS_ACCESS_KEY_ID"), ask.secret("AWS_SECRET_ACCESS_KEY"));
    match (id, secret) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => {
            let token = ask.secret("AWS_SESSION_TOKEN");
            let token = token.as_ref().map(SecretString::expose_secret);
            Ok(Some(credentials(id.expose_secret(), secret.expose_secret(), token, None, "environment")))
        }
        (Some(_), None) => Err(CredentialError::Variable("AWS_SECRET_ACCESS_KEY".to_owned())),
        (None, Some(_)) => Err(CredentialError::Variable("AWS_ACCESS_KEY_ID".to_owned())),
    }
}

async fn of_web_identity(
    ask: &Ask<'_>,
    sts: &Sts<'_>,
    web: &AwsWebIdentity,
) -> Result<Credentials, CredentialError> {
    let token = ask.inputs.text(&web.token)?;
    let session = Session { role: &web.role, name: web.session.as_deref(), external_id: None, seconds: None };
    sts.web_identity(ask, &token, &session).await
}

/// A role by web identity, as variables say; nothing where they do not.
async fn web_identity_of_host(ask: &Ask<'_>, sts: &Sts<'_>) -> Result<Option<Credentials>, CredentialError> {
    let Some(file) = ask.setting("AWS_WEB_IDENTITY_TOKEN_FILE") else { return Ok(None) };
    let Some(role) = ask.setting("AWS_ROLE_ARN") else {
        return Err(CredentialError::Variable("AWS_ROLE_ARN".to_owned()));
    };
    let name = ask.setting("AWS_ROLE_SESSION_NAME");
    let token = ask.inputs.file_text(file.as_ref())?;
    let session = Session { role: &role, name: name.as_deref(), external_id: None, seconds: None };
    sts.web_identity(ask, &token, &session).await.map(Some)
}

/// The region in a host of AWS: `SERVICE.REGION.amazonaws.com`, with or without an endpoint of a private network before it.
pub(super) fn region_of_host(host: &str) -> Option<String> {
    let inner =
        [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"].iter().find_map(|end| host.strip_suffix(end))?;
    let inner = inner.strip_suffix(".vpce").unwrap_or(inner);
    let (rest, region) = inner.rsplit_once('.')?;
    // `eu-west-1`, `us-gov-east-1`: at least three parts, the last one a number.
    let parts: Vec<&str> = region.split('-').collect();
    let is_number =
        parts.last().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    (!rest.is_empty() && parts.len() >= 3 && is_number).then(|| region.to_owned())
}
