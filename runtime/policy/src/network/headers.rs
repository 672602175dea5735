//! Header names: which a guest may be allowed to set, and what becomes of those that it sets all the same.

use super::CredentialKind;

/// What becomes of a header that belongs to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reserved {
    /// The guest's is left out, and the host sets its own: HTTP libraries set these without being asked.
    Dropped,
    /// The request is refused: two readers could see two requests, or the connection is not the guest's to steer.
    Refused,
}

use Reserved::{Dropped, Refused};

/// Headers that belong to the connection, to the host's own HTTP client, or to routing: no policy gives them away.
const RESERVED: [(&str, Reserved); 17] = [
    ("accept-encoding", Dropped),
    ("connection", Refused),
    // The host counts what it sends.
    ("content-length", Dropped),
    ("cookie2", Refused),
    ("expect", Refused),
    ("forwarded", Refused),
    // It follows from the URL that was decided on.
    ("host", Dropped),
    ("http2-settings", Refused),
    ("keep-alive", Refused),
    ("proxy-authenticate", Refused),
    ("proxy-authorization", Refused),
    ("proxy-connection", Refused),
    ("te", Refused),
    ("trailer", Refused),
    ("transfer-encoding", Refused),
    ("upgrade", Refused),
    ("via", Refused),
];

/// Checks one header name of a policy; the message says what is wrong.
pub(super) fn check(name: &str) -> Result<String, &'static str> {
    let token = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if name.is_empty() || name.len() > 128 || !name.bytes().all(token) {
        return Err("a header name is lower-case letters, digits, `-` and `_`");
    }
    // Some servers read `_` as `-`.
    if reserved(&name.replace('_', "-")).is_some() {
        return Err("this header belongs to the host: remove it");
    }
    Ok(name.to_owned())
}

/// What becomes of a header, where it belongs to the host in every request.
pub(super) fn reserved(name: &str) -> Option<Reserved> {
    RESERVED.iter().find(|(reserved, _)| *reserved == name).map(|(_, what)| *what)
}

/// The headers that a credential of this kind is sent in, or that say with whose: the host alone sets them.
pub(super) fn of_credential(kind: &CredentialKind) -> Vec<&str> {
    match kind {
        CredentialKind::Header(name) => vec![name],
        CredentialKind::Bearer
        | CredentialKind::Kubernetes
        | CredentialKind::Azure
        | CredentialKind::Google => {
            vec!["authorization"]
        }
        // Vault takes a token in either.
        CredentialKind::Vault => vec!["x-vault-token", "authorization"],
        CredentialKind::Aws => {
            vec!["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]
        }
    }
}

/// Whether this header is one of a credential's own, by any of the spellings that a server may take for it.
pub(super) fn is_of_credential(kind: &CredentialKind, name: &str) -> bool {
    let folded = name.replace('_', "-");
    of_credential(kind).iter().any(|own| own.replace('_', "-") == folded)
}
