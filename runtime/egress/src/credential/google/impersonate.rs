//! A token of a service account, for one who may act as it.

use std::collections::BTreeSet;
use std::time::SystemTime;

use portcullis_policy::network::{Origin, SourceEndpoint};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::super::CredentialError;
use super::super::cloud::{Ask, json as read};
use super::file::File;
use super::place::{Place, place};

/// Longest lifetime that Google gives without being asked by the organisation.
const SECONDS: u64 = 3600;

/// Who gives such tokens.
const IAM: &str = "https://iamcredentials.googleapis.com";

/// Where such a token is, and how it is asked for.
pub(super) struct Impersonation {
    place: Place,
    delegates: Vec<Value>,
    seconds: u64,
}

impl Impersonation {
    /// As a credential file says.
    pub(super) fn of_file(
        ask: &Ask<'_>,
        file: &File,
        endpoints: &BTreeSet<Origin>,
    ) -> Result<Self, CredentialError> {
        let key = "service_account_impersonation_url";
        let place = place(ask, endpoints, key, file.require(ask, key)?)?;
        let delegates = file.value("delegates").and_then(Value::as_array).cloned().unwrap_or_default();
        let options = file.value("service_account_impersonation");
        let seconds = options.and_then(|options| options.get("token_lifetime_seconds"));
        Ok(Self { place, delegates, seconds: seconds.and_then(Value::as_u64).unwrap_or(SECONDS) })
    }

    /// As the policy says.
    pub(super) fn of_policy(
        ask: &Ask<'_>,
        account: &str,
        named: Option<&Origin>,
    ) -> Result<Self, CredentialError> {
        let endpoint = match named {
            Some(origin) => SourceEndpoint::Named(origin.clone()),
            None => SourceEndpoint::Public(
                IAM.parse().map_err(|_| ask.error("the endpoint's URL cannot be read"))?,
            ),
        };
        let origin = named.map_or_else(|| IAM.to_owned(), ToString::to_string);
        let url = format!("{origin}/v1/projects/-/serviceAccounts/{account}:generateAccessToken");
        Ok(Self { place: Place { url, endpoint }, delegates: Vec::new(), seconds: SECONDS })
    }
}

pub(super) async fn token(
    ask: &Ask<'_>,
    how: &Impersonation,
    token: &SecretString,
    scope: &str,
) -> Result<(SecretString, SystemTime), CredentialError> {
    let scopes: Vec<&str> = scope.split_ascii_whitespace().collect();
    let body =
        json!({ "scope": scopes, "delegates": how.delegates, "lifetime": format!("{}s", how.seconds) });
    let bearer = Zeroizing::new(format!("Bearer {}", token.expose_secret()));
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let request = ask.request("POST", &how.place.url, &headers, body.to_string())?;
    let response = ask.send(how.place.endpoint.clone(), request).await?;
    let who = "the endpoint that impersonates";
    let answer = read(ask, who, &response)?;
    let text = |key: &str| answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let expires = text("expireTime").and_then(|time| humantime::parse_rfc3339(time).ok());
    match (text("accessToken"), expires) {
        (Some(token), Some(expires)) => Ok((token.into(), expires)),
        _ => Err(ask.error(format!("{who} answered without a token and its time"))),
    }
}
