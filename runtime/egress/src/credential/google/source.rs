//! Who asks for the token.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use portcullis_policy::network::{CredentialSource, GoogleCredential, GoogleSource};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::CredentialError;
use super::super::cloud::{Ask, Made, Source, Token};
use super::file::{File, Kind};
use super::impersonate::{self, Impersonation};
use super::{account, external, metadata, user};

/// The source of one credential.
pub(super) struct GoogleTokens {
    spec: GoogleCredential,
}

/// A token, when it expires, and the secrets that it was made with.
pub(super) type Answer = (SecretString, SystemTime, Vec<SecretString>);

/// What a token needs that is to be exchanged for another.
pub(super) const ALL: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Where the command-line tools leave the credential of who works on this machine.
const WELL_KNOWN: &str = ".config/gcloud/application_default_credentials.json";

impl GoogleTokens {
    pub(super) const fn new(spec: GoogleCredential) -> Self {
        Self { spec }
    }

    /// The credential file; nothing where the metadata service is asked.
    fn file(&self, ask: &Ask<'_>) -> Result<Option<SecretString>, CredentialError> {
        match &self.spec.from {
            GoogleSource::File(from @ CredentialSource::Env(_)) => {
                let text = ask.inputs.text(from)?;
                if text.expose_secret().trim_start().starts_with('{') {
                    return Ok(Some(text));
                }
                let path = PathBuf::from(text.expose_secret().trim());
                if !path.is_absolute() {
                    return Err(
                        ask.error(format!("{from} holds neither a credential file nor a path from the root"))
                    );
                }
                Ok(Some(ask.inputs.file_text(&path)?))
            }
            GoogleSource::File(from) => Ok(Some(ask.inputs.text(from)?)),
            GoogleSource::Metadata => Ok(None),
            GoogleSource::Default => {
                if let Some(path) = ask.setting("GOOGLE_APPLICATION_CREDENTIALS") {
                    return Ok(Some(ask.inputs.file_text(Path::new(&path))?));
                }
                let Some(home) = ask.setting("HOME") else { return Ok(None) };
                let path = Path::new(&home).join(WELL_KNOWN);
                if ask.inputs.has_file(&path) { Ok(Some(ask.inputs.file_text(&path)?)) } else { Ok(None) }
            }
            _ => Err(ask.error("this build does not know this source")),
        }
    }

    async fn of_file(&self, ask: &Ask<'_>, file: &File, scope: &str) -> Result<Answer, CredentialError> {
        let endpoints = &self.spec.endpoints;
        match file.kind(ask)? {
            Kind::ServiceAccount => account::token(ask, file, endpoints, scope).await,
            Kind::AuthorizedUser => user::token(ask, file, endpoints).await,
            Kind::ExternalAccount => external::token(ask, file, endpoints, scope).await,
            Kind::ImpersonatedServiceAccount => {
                let inner = file.inner(ask, "source_credentials")?;
                let (token, _, mut made_with) = match inner.kind(ask)? {
                    Kind::ServiceAccount => account::token(ask, &inner, endpoints, ALL).await?,
                    Kind::AuthorizedUser => user::token(ask, &inner, endpoints).await?,
                    Kind::ExternalAccount => external::token(ask, &inner, endpoints, ALL).await?,
                    Kind::ImpersonatedServiceAccount => {
                        return Err(
                            ask.error("the credential file impersonates from within an impersonation")
                        );
                    }
                };
                let how = Impersonation::of_file(ask, file, endpoints)?;
                let (impersonated, expires) = impersonate::token(ask, &how, &token, scope).await?;
                made_with.push(token);
                Ok((impersonated, expires, made_with))
            }
        }
    }
}

#[async_trait]
impl Source for GoogleTokens {
    type Value = Token;

    async fn make(&self, ask: &Ask<'_>) -> Result<Made<Token>, CredentialError> {
        let scope = if self.spec.impersonate.is_some() { ALL } else { self.spec.scope.as_str() };
        let (mut text, mut expires, mut made_with) = match self.file(ask)? {
            Some(text) => {
                let file = File::read(ask, text.expose_secret())?;
                self.of_file(ask, &file, scope).await?
            }
            None => {
                let (text, expires) = metadata::token(ask, self.spec.metadata.as_ref(), scope).await?;
                (text, expires, Vec::new())
            }
        };
        if let Some(account) = &self.spec.impersonate {
            let how = Impersonation::of_policy(ask, account, self.spec.iam.as_ref())?;
            let (impersonated, until) = impersonate::token(ask, &how, &text, &self.spec.scope).await?;
            made_with.push(std::mem::replace(&mut text, impersonated));
            expires = until;
        }
        Ok(Made { value: Token::new(ask, text, made_with)?, expires: Some(expires) })
    }
}
