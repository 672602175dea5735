//! The requests to the store itself, at its own origin.

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use portcullis_policy::AuthorizedDestination;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use zeroize::Zeroizing;

use super::answer::{self, Granted};
use super::lease::Lease;
use super::login::Prepared;
use crate::credential::{Asking, CredentialError, Endpoint};

pub(super) const TOKEN: &str = "x-vault-token";
pub(super) const NAMESPACE: &str = "x-vault-namespace";

/// Asks the store about tokens.
pub(super) struct Calls {
    pub(super) asking: Asking,
    pub(super) namespace: Option<HeaderValue>,
}

impl Calls {
    /// Logs in.
    pub(super) async fn login(
        &self,
        prepared: &Prepared,
        destination: &AuthorizedDestination,
    ) -> Result<Granted, CredentialError> {
        let path = prepared.path.iter().map(String::as_str);
        let response = self.call(destination, Method::POST, path, None, prepared.body()).await?;
        let at = &prepared.what;
        if !response.status().is_success() {
            let said = answer::refusal(response.status(), response.body());
            return Err(self.asking.error(format!("the login {at} {said}")));
        }
        answer::granted(response.body())
            .map_err(|problem| self.asking.error(format!("the login {at}: {problem}")))
    }

    /// Makes a token last longer. Nothing where the store does not want to.
    pub(super) async fn renew(&self, lease: &Lease) -> Result<Option<Granted>, CredentialError> {
        let path = ["auth", "token", "renew-self"].into_iter();
        let body = Bytes::from_static(b"{}");
        let response = self.call(&lease.destination, Method::POST, path, Some(&lease.token), body).await?;
        let status = response.status();
        if status.is_success() {
            let granted = answer::granted(response.body());
            return granted.map(Some).map_err(|problem| self.asking.error(format!("the renewal: {problem}")));
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            let said = answer::refusal(status, response.body());
            return Err(self.asking.error(format!("the renewal {said}")));
        }
        Ok(None)
    }

    /// Asks whether the store knows a token, and for how long. Nothing where it does not.
    pub(super) async fn look_up(
        &self,
        token: &SecretString,
        destination: &AuthorizedDestination,
    ) -> Result<Option<Granted>, CredentialError> {
        let path = ["auth", "token", "lookup-self"].into_iter();
        let response = self.call(destination, Method::GET, path, Some(token), Bytes::new()).await?;
        if response.status() == StatusCode::FORBIDDEN {
            return Ok(None);
        }
        if !response.status().is_success() {
            let said = answer::refusal(response.status(), response.body());
            return Err(self.asking.error(format!("asked about the token, it {said}")));
        }
        let granted = answer::looked_up(token.clone(), response.body());
        granted.map(Some).map_err(|problem| self.asking.error(format!("asked about the token: {problem}")))
    }

    async fn call<'a>(
        &self,
        destination: &AuthorizedDestination,
        method: Method,
        path: impl Iterator<Item = &'a str>,
        token: Option<&SecretString>,
        body: Bytes,
    ) -> Result<http::Response<Bytes>, CredentialError> {
        let url = Url::parse(&destination.origin().to_string());
        let mut url = url.map_err(|_| self.asking.error("the store has no URL"))?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().push("v1").extend(path);
        }
        let mut request = http::Request::builder()
            .method(method)
            .uri(url.as_str())
            // Vault's own clients send it: a listener may require it against requests of browsers.
            .header("x-vault-request", "true");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(namespace) = &self.namespace {
            request = request.header(NAMESPACE, namespace);
        }
        if let Some(token) = token {
            request = request.header(TOKEN, self.header(token)?);
        }
        let request = request.body(body).map_err(|_| self.asking.error("the request cannot be built"))?;
        self.asking.send(destination, Endpoint::Store, request).await
    }

    /// A token as a header has it.
    pub(super) fn header(&self, token: &SecretString) -> Result<HeaderValue, CredentialError> {
        let mut value = HeaderValue::from_str(token.expose_secret())
            .map_err(|_| self.asking.error("the token is not one line of printable text"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// A body that is wiped when it was sent.
pub(super) fn wiped(body: &Zeroizing<Vec<u8>>) -> Bytes {
    Bytes::from_owner(body.clone())
}
