//! The signature on a request of the guest's.

use async_trait::async_trait;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::cloud::Kept;
use super::super::{Attach, CredentialError, Outgoing};
use super::sign::{Scope, Unsigned, sign};
use super::source::{AwsKeysSource, region_of_host};

/// Signs the requests of one destination.
pub(super) struct Signing {
    service: String,
    region: Option<String>,
    kept: Kept<AwsKeysSource>,
}

impl Signing {
    pub(super) const fn new(service: String, region: Option<String>, kept: Kept<AwsKeysSource>) -> Self {
        Self { service, region, kept }
    }
}

#[async_trait]
impl Attach for Signing {
    fn needs_body(&self) -> bool {
        true
    }

    async fn attach(&self, request: &mut Outgoing<'_>) -> Result<Vec<SecretString>, CredentialError> {
        let made = self.kept.get(request.destination).await?;
        let region = self
            .region
            .clone()
            .or_else(|| request.url.host_str().and_then(region_of_host))
            .or_else(|| made.region.clone())
            .ok_or_else(|| {
                self.kept.asking().error("the region is not known: name it as `region` of the credential")
            })?;
        let unsigned = Unsigned {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
        };
        let scope = Scope { keys: &made.keys, region: &region, service: &self.service, now: self.kept.now() };
        let signature = sign(&unsigned, &scope).map_err(|problem| self.kept.asking().error(problem))?;
        for (name, value) in signature.headers {
            request.headers.insert(name, value);
        }
        let secret = SecretString::from(made.keys.secret_access_key());
        let token = made.keys.session_token().map(SecretString::from);
        Ok(std::iter::once(secret).chain(token).chain([signature.text]).collect())
    }

    /// Session keys can be revoked before they expire; the secret tells which were used.
    async fn refused(&self, status: StatusCode, used: &[SecretString]) -> bool {
        let refuses = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        refuses
            && self
                .kept
                .refused(|made| used.iter().any(|text| text.expose_secret() == made.keys.secret_access_key()))
    }
}
