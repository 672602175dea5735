//! The metadata service of a machine, pod or function.

use std::time::SystemTime;

use bytes::Bytes;
use portcullis_policy::network::{MetadataService, Origin};
use secrecy::SecretString;
use url::Url;

use super::super::CredentialError;
use super::super::cloud::{Ask, Metadata, token as read};

const PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";
/// The header that tells the service from whoever else may answer, in both directions.
const FLAVOR: (&str, &str) = ("metadata-flavor", "Google");

/// Other names of the address that is asked.
const OWN: [&str; 3] = ["169.254.169.254", "metadata.google.internal", "metadata"];

pub(super) async fn token(
    ask: &Ask<'_>,
    named: Option<&Origin>,
    scope: &str,
) -> Result<(SecretString, SystemTime), CredentialError> {
    let elsewhere = |host: String| !OWN.contains(&host.trim_end_matches(":80").trim_end_matches('.'));
    if named.is_none() && ask.setting("GCE_METADATA_HOST").is_some_and(elsewhere) {
        return Err(
            ask.error("GCE_METADATA_HOST is not followed: name the endpoint as `metadata` of the credential")
        );
    }
    let metadata = Metadata { service: MetadataService::Google, named: named.cloned() };
    let mut url = Url::parse(&format!("{}{PATH}", metadata.origin()))
        .map_err(|_| ask.error("the endpoint's URL cannot be read"))?;
    let scopes: Vec<&str> = scope.split_ascii_whitespace().collect();
    url.query_pairs_mut().append_pair("scopes", &scopes.join(","));
    let request = ask.request("GET", url.as_str(), &[FLAVOR], Bytes::new())?;
    let response = ask.send(metadata.endpoint(), request).await?;
    if response.headers().get(FLAVOR.0).is_none_or(|value| value != FLAVOR.1) {
        return Err(ask.error("who answers as the metadata service is not Google's"));
    }
    read(ask, "the metadata service", &response)
}
