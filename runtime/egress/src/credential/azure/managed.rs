//! The identity that the platform gives to a machine, service or container. Its variables say which platform it is.

use std::time::SystemTime;

use bytes::Bytes;
use portcullis_policy::network::{Origin, SourceEndpoint};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::super::CredentialError;
use super::super::cloud::{Ask, Metadata, form, token as read};
use super::arc;

/// A platform that gives identities.
enum Platform {
    AppService {
        endpoint: String,
        header: SecretString,
    },
    MachineLearning {
        endpoint: String,
        secret: SecretString,
    },
    CloudShell {
        endpoint: String,
    },
    Arc {
        endpoint: String,
    },
    /// The metadata service of an instance.
    Instance,
}

impl Platform {
    fn of_host(ask: &Ask<'_>) -> Result<Self, CredentialError> {
        if let Some(endpoint) = ask.setting("IDENTITY_ENDPOINT") {
            if ask.setting("IDENTITY_SERVER_THUMBPRINT").is_some() {
                return Err(ask
                    .error("identities of Service Fabric are not supported: name another source in `from`"));
            }
            return Ok(match ask.secret("IDENTITY_HEADER") {
                Some(header) => Self::AppService { endpoint, header },
                None => Self::Arc { endpoint },
            });
        }
        let Some(endpoint) = ask.setting("MSI_ENDPOINT") else { return Ok(Self::Instance) };
        Ok(match ask.secret("MSI_SECRET") {
            Some(secret) => Self::MachineLearning { endpoint, secret },
            None => Self::CloudShell { endpoint },
        })
    }
}

/// A token of the platform. `client` chooses one of several identities.
pub(super) async fn token(
    ask: &Ask<'_>,
    metadata: &Metadata,
    resource: &str,
    client: Option<&str>,
) -> Result<(SecretString, SystemTime), CredentialError> {
    let (who, response) = match Platform::of_host(ask)? {
        Platform::AppService { endpoint, header } => {
            let place = Place::read(ask, &endpoint)?.asking(
                "2019-08-01",
                resource,
                client.map(|id| ("client_id", id)),
            );
            ("App Service", place.get(ask, &[("x-identity-header", header.expose_secret())]).await?)
        }
        Platform::MachineLearning { endpoint, secret } => {
            let default = ask.setting("DEFAULT_IDENTITY_CLIENT_ID");
            let client = client.or(default.as_deref()).map(|id| ("clientid", id));
            let place = Place::read(ask, &endpoint)?.asking("2017-09-01", resource, client);
            ("Azure Machine Learning", place.get(ask, &[("secret", secret.expose_secret())]).await?)
        }
        Platform::CloudShell { endpoint } => {
            refuse_client(ask, client, "Cloud Shell")?;
            let place = Place::read(ask, &endpoint)?;
            let headers = [("metadata", "true"), ("content-type", "application/x-www-form-urlencoded")];
            let body = form(&[("resource", resource)]);
            let request = ask.request("POST", place.url.as_str(), &headers, body)?;
            ("Cloud Shell", ask.send(place.endpoint, request).await?)
        }
        Platform::Arc { endpoint } => {
            refuse_client(ask, client, "Azure Arc")?;
            let place = Place::read(ask, &endpoint)?.asking("2020-06-01", resource, None);
            ("Azure Arc", arc::ask(ask, &place).await?)
        }
        Platform::Instance => {
            let url = format!("{}/metadata/identity/oauth2/token", metadata.origin());
            let url = Url::parse(&url).map_err(|_| ask.error("the endpoint's URL cannot be read"))?;
            let place = Place { url, endpoint: metadata.endpoint() };
            let place = place.asking("2018-02-01", resource, client.map(|id| ("client_id", id)));
            ("the instance's metadata service", place.get(ask, &[("metadata", "true")]).await?)
        }
    };
    read(ask, who, &response)
}

fn refuse_client(ask: &Ask<'_>, client: Option<&str>, platform: &str) -> Result<(), CredentialError> {
    match client {
        None => Ok(()),
        Some(_) => Err(ask.error(format!(
            "{platform} has one identity, and a client is named: remove `client` of the credential and AZURE_CLIENT_ID"
        ))),
    }
}

/// Whom to ask, and what.
pub(super) struct Place {
    url: Url,
    endpoint: SourceEndpoint,
}

impl Place {
    /// An endpoint that a variable of the platform names: near this machine, or it is refused.
    fn read(ask: &Ask<'_>, endpoint: &str) -> Result<Self, CredentialError> {
        let refused = || ask.error("the platform's variable IDENTITY_ENDPOINT or MSI_ENDPOINT is no URL");
        let url = Url::parse(endpoint).map_err(|_| refused())?;
        let origin: Origin = url.origin().ascii_serialization().parse().map_err(|_| refused())?;
        Ok(Self { url, endpoint: SourceEndpoint::Platform(origin) })
    }

    fn asking(mut self, version: &str, resource: &str, client: Option<(&str, &str)>) -> Self {
        self.url
            .query_pairs_mut()
            .append_pair("api-version", version)
            .append_pair("resource", resource)
            .extend_pairs(client);
        self
    }

    pub(super) async fn get(
        &self,
        ask: &Ask<'_>,
        headers: &[(&str, &str)],
    ) -> Result<http::Response<Bytes>, CredentialError> {
        let request = ask.request("GET", self.url.as_str(), headers, Bytes::new())?;
        ask.send(self.endpoint.clone(), request).await
    }
}
