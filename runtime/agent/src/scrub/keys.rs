//! Which names tell of a secret.

use std::collections::BTreeSet;

/// What becomes of the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// It is shown, as far as it has no secret inside.
    Show,
    /// It is hidden, whatever it is.
    Hide,
    /// It keeps its last characters, by which an operator knows one from another.
    Mask,
    /// Keys of other accounts, by the address that they are for: a map's values are hidden, all else is shown.
    Endpoints,
}

/// Anywhere in the name.
const PARTS: [&str; 4] = ["pass", "pwd", "pswd", "community_strings"];
/// At its end.
const ENDS: [&str; 6] = ["token", "jwt", "secret", "_secret_id", "access_key", "private_key"];
/// At the end of a header's name.
const HEADER_ENDS: [&str; 4] = ["key", "token", "auth", "secret"];
/// All of it.
const NAMES: [&str; 21] = [
    "auth-tenantid",
    "auth_key",
    "authentication_key",
    "authkey",
    "authority",
    "authorization",
    "cainzapp-api-key",
    "cms-svc-api-key",
    "community",
    "community_string",
    "consumer_key",
    "cookie",
    "dd-api-key",
    "lodauth",
    "priv_key",
    "privacy_key",
    "private-token",
    "privkey",
    "sec-websocket-key",
    "statuskey",
    "token_id",
];
/// Anywhere in the name.
const MASKED: [&str; 9] = [
    "api_key",
    "api-key",
    "apikey",
    "app_key",
    "app-key",
    "appkey",
    "application_key",
    "application-key",
    "applicationkey",
];

/// The rule for a key. `more` are further names to hide, compared as they are; the others are compared without case.
pub(super) fn rule(key: &str, more: &BTreeSet<String>) -> Rule {
    if more.contains(key) && !matches!(key, "api_key" | "app_key") {
        return Rule::Hide;
    }
    let key = key.to_ascii_lowercase();
    let hidden = PARTS.iter().any(|part| key.contains(part))
        || ENDS.iter().any(|end| key.ends_with(end))
        || NAMES.contains(&key.as_str())
        || (key.starts_with("x-") && HEADER_ENDS.iter().any(|end| key.ends_with(end)));
    if hidden {
        Rule::Hide
    } else if MASKED.iter().any(|part| key.contains(part)) {
        Rule::Mask
    } else if key == "additional_endpoints" {
        Rule::Endpoints
    } else {
        Rule::Show
    }
}
