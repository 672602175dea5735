//! A user who has authorised the command-line tools: a token that gives others.

use std::collections::BTreeSet;

use portcullis_policy::network::Origin;
use secrecy::ExposeSecret as _;

use super::super::CredentialError;
use super::super::cloud::{Ask, form, token as read};
use super::account::{FORM, TOKEN_URL};
use super::file::File;
use super::place::place;
use super::source::Answer;

/// What the token may do was said when it was authorised.
pub(super) async fn token(
    ask: &Ask<'_>,
    file: &File,
    endpoints: &BTreeSet<Origin>,
) -> Result<Answer, CredentialError> {
    let place = place(ask, endpoints, "token_uri", file.text("token_uri").unwrap_or(TOKEN_URL))?;
    let (secret, refresh) = (file.secret(ask, "client_secret")?, file.secret(ask, "refresh_token")?);
    let body = form(&[
        ("grant_type", "refresh_token"),
        ("client_id", file.require(ask, "client_id")?),
        ("client_secret", secret.expose_secret()),
        ("refresh_token", refresh.expose_secret()),
    ]);
    let request = ask.request("POST", &place.url, &FORM, body)?;
    let response = ask.send(place.endpoint, request).await?;
    let (text, expires) = read(ask, "the token endpoint", &response)?;
    Ok((text, expires, vec![secret, refresh]))
}
