//! The service that gives keys to a container or pod, as variables name it.

use aws_credential_types::Credentials;
use bytes::Bytes;
use portcullis_policy::network::{MetadataService, Origin, SourceEndpoint};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use url::Url;

use super::super::CredentialError;
use super::super::cloud::{Ask, json};
use super::credentials;

const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// Keys of the container; nothing where no variable names its service.
pub(super) async fn keys(ask: &Ask<'_>) -> Result<Option<Credentials>, CredentialError> {
    let Some((url, endpoint)) = place(ask)? else { return Ok(None) };
    let token = match ask.setting("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(file) => Some(ask.inputs.file_text(file.as_ref())?),
        None => ask.secret("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
    };
    let token = token.as_ref().map(|token| ("authorization", token.expose_secret()));
    let headers: Vec<(&str, &str)> = token.into_iter().chain([("accept", "application/json")]).collect();
    let request = ask.request("GET", url.as_str(), &headers, Bytes::new())?;
    let response = ask.send(endpoint, request).await?;
    let answer = json(ask, "the container's metadata service", &response)?;
    read(&answer).map(Some).ok_or_else(|| ask.error("the container's metadata service answered without keys"))
}

/// Where the variables lead: to the services of AWS at their own addresses, or to this machine.
fn place(ask: &Ask<'_>) -> Result<Option<(Url, SourceEndpoint)>, CredentialError> {
    let url = match (ask.setting(RELATIVE), ask.setting(FULL)) {
        (Some(path), _) if path.starts_with('/') => {
            format!("{}{path}", MetadataService::AwsContainer.origin())
        }
        (Some(_), _) => return Err(ask.error(format!("{RELATIVE} does not begin with `/`"))),
        (None, Some(url)) => url,
        (None, None) => return Ok(None),
    };
    let refused = || {
        ask.error(format!(
            "{FULL} leads elsewhere than to this machine, http://169.254.170.2, http://169.254.170.23 or \
             http://[fd00:ec2::23]"
        ))
    };
    let url = Url::parse(&url).map_err(|_| ask.error(format!("{FULL} is no URL")))?;
    let origin: Origin = url.origin().ascii_serialization().parse().map_err(|_| refused())?;
    let services = [MetadataService::AwsContainer, MetadataService::AwsPod, MetadataService::AwsPodV6];
    let endpoint = match services.into_iter().find(|service| service.origin() == origin) {
        Some(service) => SourceEndpoint::Metadata(service),
        None if origin.is_loopback() => SourceEndpoint::Platform(origin),
        None => return Err(refused()),
    };
    Ok(Some((url, endpoint)))
}

/// Keys as the metadata services write them.
pub(super) fn read(answer: &Value) -> Option<Credentials> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let expires = match text("Expiration") {
        Some(time) => Some(humantime::parse_rfc3339(time).ok()?),
        None => None,
    };
    Some(credentials(text("AccessKeyId")?, text("SecretAccessKey")?, text("Token"), expires, "metadata"))
}
