//! Header names that a guest may be allowed to set.

/// Headers that belong to the connection, to the host's own HTTP client, or to routing: no policy gives them away.
const RESERVED: [&str; 17] = [
    "accept-encoding",
    "connection",
    "content-length",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Checks one header name; the message says what is wrong.
pub(super) fn check(name: &str) -> Result<String, &'static str> {
    let token = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if name.is_empty() || name.len() > 128 || !name.bytes().all(token) {
        return Err("a header name is lower-case letters, digits, `-` and `_`");
    }
    if RESERVED.contains(&name) {
        return Err("this header belongs to the host: remove it");
    }
    Ok(name.to_owned())
}
