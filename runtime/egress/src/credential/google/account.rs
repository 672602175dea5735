//! A service account: it signs a statement with its key (RFC 7523).

use std::collections::BTreeSet;
use std::time::SystemTime;

use portcullis_policy::network::Origin;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::super::CredentialError;
use super::super::cloud::{Algorithm, Ask, Key, form, token as read};
use super::file::File;
use super::place::place;
use super::source::Answer;

/// Where tokens are, unless the file says otherwise.
pub(super) const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";

/// How long the statement, and so the token, is valid: as long as Google allows.
const VALID: u64 = 3600;

pub(super) const FORM: [(&str, &str); 2] =
    [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];

pub(super) async fn token(
    ask: &Ask<'_>,
    file: &File,
    endpoints: &BTreeSet<Origin>,
    scope: &str,
) -> Result<Answer, CredentialError> {
    let url = file.text("token_uri").unwrap_or(TOKEN_URL);
    let place = place(ask, endpoints, "token_uri", url)?;
    let secret = file.secret(ask, "private_key")?;
    let key = Key::from_pem(secret.expose_secret())
        .map_err(|problem| ask.error(format!("`private_key` of the credential file: {problem}")))?;
    let now = ask.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = json!({
        "iss": file.require(ask, "client_email")?,
        "scope": scope,
        "aud": url,
        "iat": now,
        "exp": now.saturating_add(VALID),
    });
    let mut header = json!({});
    if let (Some(header), Some(id)) = (header.as_object_mut(), file.text("private_key_id")) {
        header.insert("kid".to_owned(), id.into());
    }
    let statement = key.sign(Algorithm::Rs256, header, &claims).map_err(|problem| ask.error(problem))?;
    let body = form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", statement.expose_secret()),
    ]);
    let request = ask.request("POST", &place.url, &FORM, body)?;
    let response = ask.send(place.endpoint, request).await?;
    let (text, expires) = read(ask, "the token endpoint", &response)?;
    Ok((text, expires, vec![statement]))
}
