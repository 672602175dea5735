//! An identity of another issuer, in exchange for a token (RFC 8693).

use std::collections::BTreeSet;
use std::path::Path;

use bytes::Bytes;
use http::StatusCode;
use portcullis_policy::network::Origin;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::super::CredentialError;
use super::super::cloud::{Ask, form, token as read};
use super::account::FORM;
use super::file::File;
use super::impersonate::{self, Impersonation};
use super::place::{place, subject_place};
use super::source::{ALL, Answer};

pub(super) async fn token(
    ask: &Ask<'_>,
    file: &File,
    endpoints: &BTreeSet<Origin>,
    scope: &str,
) -> Result<Answer, CredentialError> {
    for key in ["workforce_pool_user_project", "client_id", "client_secret"] {
        if file.text(key).is_some_and(|text| !text.is_empty()) {
            return Err(ask.error(format!(
                "the credential file has `{key}`: identities of a workforce are not supported, those of workloads are"
            )));
        }
    }
    let subject = subject(ask, file, endpoints).await?;
    let place = place(ask, endpoints, "token_url", file.require(ask, "token_url")?)?;
    let impersonates = file.text("service_account_impersonation_url").is_some();
    let body = form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("audience", file.require(ask, "audience")?),
        ("scope", if impersonates { ALL } else { scope }),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("subject_token_type", file.require(ask, "subject_token_type")?),
        ("subject_token", subject.expose_secret()),
    ]);
    let request = ask.request("POST", &place.url, &FORM, body)?;
    let response = ask.send(place.endpoint, request).await?;
    let (text, expires) = read(ask, "the token endpoint", &response)?;
    if !impersonates {
        return Ok((text, expires, vec![subject]));
    }
    let how = Impersonation::of_file(ask, file, endpoints)?;
    let (impersonated, expires) = impersonate::token(ask, &how, &text, scope).await?;
    Ok((impersonated, expires, vec![subject, text]))
}

/// The token of the other issuer.
async fn subject(
    ask: &Ask<'_>,
    file: &File,
    endpoints: &BTreeSet<Origin>,
) -> Result<SecretString, CredentialError> {
    let source = file.inner(ask, "credential_source")?;
    if source.value("executable").is_some() {
        return Err(ask.error(
            "the credential file has `credential_source.executable`: nothing is executed to get a credential; have the program \
             write its token to a file, and name that as `credential_source.file`",
        ));
    }
    for key in ["environment_id", "certificate"] {
        if source.value(key).is_some() {
            return Err(ask.error(format!(
                "the credential file has `credential_source.{key}`, which is not supported: use `file` or `url`"
            )));
        }
    }
    let text = match (source.text("file"), source.text("url")) {
        (Some(path), None) => {
            if !Path::new(path).is_absolute() {
                return Err(
                    ask.error("`credential_source.file` of the credential file is no path from the root")
                );
            }
            ask.inputs.file_text(Path::new(path))?
        }
        (None, Some(url)) => {
            let place = subject_place(ask, endpoints, "credential_source.url", url)?;
            let none = serde_json::Map::new();
            let headers = source.value("headers").and_then(Value::as_object).unwrap_or(&none);
            let headers: Vec<(&str, &str)> =
                headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
            let request = ask.request("GET", &place.url, &headers, Bytes::new())?;
            let response = ask.send(place.endpoint, request).await?;
            if response.status() != StatusCode::OK {
                let status = response.status().as_u16();
                return Err(ask.error(format!("the URL of the subject token answered with status {status}")));
            }
            std::str::from_utf8(response.body()).map(|text| SecretString::from(text.trim())).map_err(
                |_| ask.error("the URL of the subject token answered with something that is no text"),
            )?
        }
        _ => return Err(ask.error("`credential_source` of the credential file has none of `file` and `url`")),
    };
    taken(ask, &source, text)
}

/// The token as it stands in the text: the whole of it, or a field of JSON.
fn taken(ask: &Ask<'_>, source: &File, text: SecretString) -> Result<SecretString, CredentialError> {
    let format = source.value("format");
    let of_format = |key: &str| format.and_then(|format| format.get(key)).and_then(Value::as_str);
    if of_format("type") != Some("json") {
        return Ok(text);
    }
    let name = of_format("subject_token_field_name").unwrap_or("access_token");
    let read: Option<Value> = serde_json::from_str(text.expose_secret()).ok();
    let token = read.as_ref().and_then(|read| read.get(name)).and_then(Value::as_str);
    token
        .filter(|token| !token.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| ask.error("the subject token is not in the field that the credential file names"))
}
