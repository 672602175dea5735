//! What the store says: tokens, and refusals in words that hold nothing of what was sent.

use std::time::Duration;

use http::{HeaderValue, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// What a login or a renewal gives.
pub(super) struct Granted {
    pub(super) token: SecretString,
    /// Zero for a token without an end.
    pub(super) lasts: Duration,
    pub(super) renewable: bool,
}

#[derive(Deserialize)]
struct LoginAnswer {
    auth: Option<Auth>,
}

#[derive(Deserialize)]
struct Auth {
    #[serde(deserialize_with = "secret")]
    client_token: SecretString,
    #[serde(default)]
    lease_duration: u64,
    #[serde(default)]
    renewable: bool,
    mfa_requirement: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct LookupAnswer {
    data: TokenData,
}

#[derive(Deserialize)]
struct TokenData {
    #[serde(default)]
    ttl: u64,
    #[serde(default)]
    renewable: bool,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    errors: Vec<String>,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

/// Reads the token that a login or a renewal gave.
pub(super) fn granted(body: &[u8]) -> Result<Granted, &'static str> {
    let answer: LoginAnswer =
        serde_json::from_slice(body).map_err(|_| "its answer is not that of a login")?;
    let auth = answer.auth.ok_or("its answer has no token")?;
    if auth.mfa_requirement.is_some() {
        return Err("it asks for a second factor, which a host has not: use a role without one");
    }
    let token = auth.client_token.expose_secret();
    if token.is_empty() || HeaderValue::from_str(token).is_err() {
        return Err("its answer has no token that a header can have");
    }
    Ok(Granted {
        lasts: Duration::from_secs(auth.lease_duration),
        renewable: auth.renewable,
        token: auth.client_token,
    })
}

/// Reads how long a given token lasts.
pub(super) fn looked_up(token: SecretString, body: &[u8]) -> Result<Granted, &'static str> {
    let answer: LookupAnswer =
        serde_json::from_slice(body).map_err(|_| "its answer does not describe a token")?;
    Ok(Granted { token, lasts: Duration::from_secs(answer.data.ttl), renewable: answer.data.renewable })
}

/// What stores say that is safe to repeat: what was sent is no part of it. The first that fits is told.
const KNOWN: &[&str] = &[
    "invalid role or secret ID",
    "invalid role ID",
    "invalid secret id",
    "invalid username or password",
    "ldap operation failed",
    "service account name not authorized",
    "namespace not authorized",
    "invalid audience",
    "invalid issuer",
    "invalid subject",
    "invalid signature",
    "token is expired",
    "no known key successfully validated the token signature",
    "claim does not match",
    "error validating claims",
    "error validating token",
    "lookup failed",
    "could not be found",
    "invalid role name",
    "could not load configuration",
    "missing role",
    "missing client token",
    "entry for role",
    "error making upstream request",
    "missing header",
    "no handler for route",
    "is sealed",
    "permission denied",
];

/// A refusal, in words.
pub(super) fn refusal(status: StatusCode, body: &[u8]) -> String {
    if status.is_redirection() {
        return format!(
            "answered {}: redirects are not followed, so name the node that answers as the origin",
            status.as_u16()
        );
    }
    let said = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.errors).unwrap_or_default();
    let known = KNOWN.iter().find(|known| said.iter().any(|line| line.contains(**known)));
    match known {
        Some(known) => format!("answered {}: {known}", status.as_u16()),
        None => format!("answered {}", status.as_u16()),
    }
}
