//! Answers with a token, and forms that ask for one.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::Value;

use super::super::CredentialError;
use super::answer::json;
use super::ask::Ask;

/// How an answer says how long a token is valid.
struct Lifetime;

impl Lifetime {
    /// Longest lifetime that is believed.
    const LONGEST: Duration = Duration::from_secs(48 * 3600);

    /// When a token expires that was given now: `expires_in` in seconds, or `expires_on` in seconds since 1970, as number or
    /// as text.
    fn of(answer: &Value, now: SystemTime) -> Option<SystemTime> {
        let seconds = |key: &str| {
            let value = answer.get(key)?;
            value.as_u64().or_else(|| value.as_str()?.parse().ok()).map(Duration::from_secs)
        };
        let expires = seconds("expires_in").map(|lifetime| now.checked_add(lifetime.min(Self::LONGEST)));
        expires.or_else(|| seconds("expires_on").map(|at| SystemTime::UNIX_EPOCH.checked_add(at)))?
    }
}

/// The token of an answer, and when it expires.
pub(crate) fn token(
    ask: &Ask<'_>,
    who: &str,
    response: &http::Response<Bytes>,
) -> Result<(SecretString, SystemTime), CredentialError> {
    let answer = json(ask, who, response)?;
    let token = answer.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| ask.error(format!("{who} answered without `access_token`")))?;
    let expires = Lifetime::of(&answer, ask.now)
        .ok_or_else(|| ask.error(format!("{who} does not say how long its token is valid")))?;
    Ok((token.into(), expires))
}

/// A form, as token endpoints take it.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
