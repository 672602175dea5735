//! The metadata service of an instance, version 2: a session first, then the keys of the instance's role.

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::StatusCode;

use super::super::CredentialError;
use super::super::cloud::{Ask, Metadata, json};
use super::container::read;

const KEYS: &str = "/latest/meta-data/iam/security-credentials/";
const REGION: &str = "/latest/meta-data/placement/region";

/// Whether the host lets the service be asked.
pub(super) fn is_enabled(ask: &Ask<'_>) -> bool {
    !ask.setting("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Keys of the instance's role.
pub(super) async fn keys(ask: &Ask<'_>, metadata: &Metadata) -> Result<Credentials, CredentialError> {
    let session = session(ask, metadata).await?;
    let roles = get(ask, metadata, &session, KEYS).await?;
    if roles.status() == StatusCode::NOT_FOUND {
        return Err(ask.error("the instance has no role: attach one, or name another source in `from`"));
    }
    let roles = text(ask, &roles)?;
    let role = roles.lines().next().unwrap_or_default().trim();
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@-_".contains(&b);
    if role.is_empty() || !role.bytes().all(is_name) {
        return Err(ask.error("the instance's metadata service names no role"));
    }
    let response = get(ask, metadata, &session, &format!("{KEYS}{role}")).await?;
    let answer = json(ask, "the instance's metadata service", &response)?;
    read(&answer).ok_or_else(|| ask.error("the instance's metadata service answered without keys"))
}

/// The region that the instance is in.
pub(super) async fn region(ask: &Ask<'_>, metadata: &Metadata) -> Result<String, CredentialError> {
    let session = session(ask, metadata).await?;
    let response = get(ask, metadata, &session, REGION).await?;
    Ok(text(ask, &response)?.trim().to_owned())
}

/// Begins a session. Version 1, which has none, is not spoken: whoever can make a host fetch a URL has its keys there.
async fn session(ask: &Ask<'_>, metadata: &Metadata) -> Result<String, CredentialError> {
    if metadata.named.is_none() && ask.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT").is_some() {
        return Err(ask.error(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT is not followed: name the endpoint as `metadata` of the credential",
        ));
    }
    let url = format!("{}/latest/api/token", metadata.origin());
    let headers = [("x-aws-ec2-metadata-token-ttl-seconds", "300")];
    let request = ask.request("PUT", &url, &headers, Bytes::new())?;
    let response = ask.send(metadata.endpoint(), request).await?;
    Ok(text(ask, &response)?.trim().to_owned())
}

async fn get(
    ask: &Ask<'_>,
    metadata: &Metadata,
    session: &str,
    path: &str,
) -> Result<http::Response<Bytes>, CredentialError> {
    let url = format!("{}{path}", metadata.origin());
    let request = ask.request("GET", &url, &[("x-aws-ec2-metadata-token", session)], Bytes::new())?;
    ask.send(metadata.endpoint(), request).await
}

fn text(ask: &Ask<'_>, response: &http::Response<Bytes>) -> Result<String, CredentialError> {
    let status = response.status().as_u16();
    if response.status() != StatusCode::OK {
        return Err(ask.error(format!("the instance's metadata service answered with status {status}")));
    }
    let text = std::str::from_utf8(response.body()).ok().filter(|text| text.len() <= 4096);
    text.map(str::to_owned).ok_or_else(|| {
        ask.error("the instance's metadata service answered with something that is no short text")
    })
}
