//! The security token service: keys for a role.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use portcullis_policy::network::{Origin, SourceEndpoint};
use roxmltree::Document;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::super::CredentialError;
use super::super::cloud::{Ask, known, words};
use super::credentials;
use super::sign::{Scope, Unsigned, sign};

/// The service, as it is asked.
pub(super) struct Sts<'a> {
    /// Where the policy says.
    pub(super) named: Option<&'a Origin>,
    pub(super) region: Option<&'a str>,
}

/// The session that is asked for.
pub(super) struct Session<'a> {
    pub(super) role: &'a str,
    /// In AWS's log; nothing: the product's name.
    pub(super) name: Option<&'a str>,
    pub(super) external_id: Option<SecretString>,
    /// Nothing: what the role says.
    pub(super) seconds: Option<u64>,
}

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// Service and region, and whom to ask.
struct Place {
    origin: Origin,
    endpoint: SourceEndpoint,
    region: String,
}

impl Sts<'_> {
    fn place(&self, ask: &Ask<'_>) -> Result<Place, CredentialError> {
        let region = self.region.ok_or_else(|| {
            ask.error("the region of the token service is not known: name it as `region` of the credential")
        })?;
        if let Some(origin) = self.named {
            let endpoint = SourceEndpoint::Named(origin.clone());
            return Ok(Place { origin: origin.clone(), endpoint, region: region.to_owned() });
        }
        if ask.setting("AWS_ENDPOINT_URL_STS").is_some() {
            return Err(ask.error(
                "AWS_ENDPOINT_URL_STS is not followed: name the endpoint as `sts` of the credential",
            ));
        }
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let origin: Origin = format!("https://sts.{region}.{suffix}").parse().map_err(|_| {
            ask.error("the region is none: check `region` of the credential, AWS_REGION and the profile")
        })?;
        Ok(Place { endpoint: SourceEndpoint::Public(origin.clone()), origin, region: region.to_owned() })
    }

    /// Keys for a role that these keys may take.
    pub(super) async fn assume_role(
        &self,
        ask: &Ask<'_>,
        keys: &Credentials,
        session: &Session<'_>,
    ) -> Result<Credentials, CredentialError> {
        let place = self.place(ask)?;
        let body = session.form("AssumeRole", None, ask);
        let url = Url::parse(&format!("{}/", place.origin))
            .map_err(|_| ask.error("the endpoint's URL cannot be read"))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        let unsigned =
            Unsigned { method: &Method::POST, url: &url, headers: &headers, body: body.as_bytes() };
        let scope = Scope { keys, region: &place.region, service: "sts", now: ask.now };
        let signature = sign(&unsigned, &scope).map_err(|problem| ask.error(problem))?;
        headers.extend(signature.headers);
        let mut request = ask.request("POST", url.as_str(), &[], body)?;
        *request.headers_mut() = headers;
        let response = ask.send(place.endpoint, request).await?;
        read(ask, "AssumeRole", &response)
    }

    /// Keys for a role that trusts the issuer of a token.
    pub(super) async fn web_identity(
        &self,
        ask: &Ask<'_>,
        token: &SecretString,
        session: &Session<'_>,
    ) -> Result<Credentials, CredentialError> {
        let place = self.place(ask)?;
        let body = session.form("AssumeRoleWithWebIdentity", Some(token), ask);
        let url = format!("{}/", place.origin);
        let request = ask.request("POST", &url, &[("content-type", FORM)], body)?;
        let response = ask.send(place.endpoint, request).await?;
        read(ask, "AssumeRoleWithWebIdentity", &response)
    }
}

impl Session<'_> {
    fn form(&self, action: &str, token: Option<&SecretString>, ask: &Ask<'_>) -> String {
        let started = ask.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let name = self.name.map_or_else(|| format!("portcullis-{started}"), str::to_owned);
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", action).append_pair("Version", "2011-06-15");
        form.append_pair("RoleArn", self.role).append_pair("RoleSessionName", &name);
        if let Some(id) = &self.external_id {
            form.append_pair("ExternalId", id.expose_secret());
        }
        if let Some(seconds) = self.seconds {
            form.append_pair("DurationSeconds", &seconds.to_string());
        }
        if let Some(token) = token {
            form.append_pair("WebIdentityToken", token.expose_secret());
        }
        form.finish()
    }
}

fn read(
    ask: &Ask<'_>,
    action: &str,
    response: &http::Response<Bytes>,
) -> Result<Credentials, CredentialError> {
    let text = std::str::from_utf8(response.body()).unwrap_or_default();
    let document = Document::parse(text).ok();
    let find = |name: &str| {
        let root = document.as_ref()?.root_element();
        root.descendants().find(|node| node.tag_name().name() == name)?.text()
    };
    if response.status() != StatusCode::OK {
        let code = find("Code").and_then(known).map(str::to_owned);
        let codes: Vec<String> = code.into_iter().collect();
        return Err(ask.error(words(&format!("sts {action}"), response.status(), &codes)));
    }
    let expires = find("Expiration").and_then(|text| humantime::parse_rfc3339(text.trim()).ok());
    match (find("AccessKeyId"), find("SecretAccessKey"), find("SessionToken"), expires) {
        (Some(id), Some(secret), Some(token), Some(expires)) => {
            Ok(credentials(id, secret, Some(token), Some(expires), "sts"))
        }
        _ => Err(ask.error(format!("sts {action} answered without keys"))),
    }
}
