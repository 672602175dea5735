//! A URL as `wasi:http` takes it: three texts. Pure.
//!
//! What it means is the host's to say: it reads the parts once more, strictly, and decides on them.

use std::fmt;

/// A URL, cut in three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    /// Whether it is `https`.
    pub(super) tls: bool,
    /// Host and port.
    pub(super) authority: &'a str,
    /// Path and query, from the slash on.
    pub(super) path: &'a str,
}

/// Why a text is not taken as a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// It does not begin with `https://` or `http://`.
    Scheme,
    /// Nothing stands where the host should.
    Host,
    /// A query stands right behind the host.
    NoPath,
    /// A user name or a password stands before the host.
    UserInfo,
    /// It has a fragment.
    Fragment,
    /// A space, a control character, a backslash or a letter outside of ASCII.
    Character,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "a URL begins with `https://` or `http://`",
            Self::Host => "a URL has a host after `://`",
            Self::NoPath => "a path stands between the host and the query: write `/?`",
            Self::UserInfo => "a URL has no user name and no password: the host attaches credentials",
            Self::Fragment => "a request has no fragment: leave `#` away, or write it as `%23`",
            Self::Character => {
                "a URL has no space, control character, backslash or letter outside of ASCII: use `http::encode`"
            }
        })
    }
}

impl std::error::Error for UrlError {}

/// Cuts a URL. A path that is not there is `/`.
pub(super) fn split(url: &str) -> Result<Target<'_>, UrlError> {
    let (scheme, rest) = url.split_once("://").ok_or(UrlError::Scheme)?;
    let tls = match scheme {
        _ if scheme.eq_ignore_ascii_case("https") => true,
        _ if scheme.eq_ignore_ascii_case("http") => false,
        _ => return Err(UrlError::Scheme),
    };
    if rest.bytes().any(|b| !b.is_ascii_graphic() || b == b'\\') {
        return Err(UrlError::Character);
    }
    if rest.contains('#') {
        return Err(UrlError::Fragment);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(UrlError::UserInfo);
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err(UrlError::Host);
    }
    match path {
        "" => Ok(Target { tls, authority, path: "/" }),
        path if path.starts_with('?') => Err(UrlError::NoPath),
        path => Ok(Target { tls, authority, path }),
    }
}

/// Writes any text so that it is one segment of a path, or one key or value of a query: all but letters, digits, `-`, `.`,
/// `_` and `~` becomes `%` and two digits, byte by byte.
///
/// A policy refuses `%2F` in a path unless a rule says `encoded: true`: servers read it in two ways.
///
/// ```
/// use portcullis_guest::http::encode;
/// assert_eq!(encode("team a/db"), "team%20a%2Fdb");
/// ```
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 0xf] {
                encoded.push(char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Target, UrlError, encode, split};

    #[test]
    fn a_url_is_cut_in_three() {
        let of = |tls, authority, path| Ok(Target { tls, authority, path });
        let rows = [
            ("https://vault.example/v1/a", of(true, "vault.example", "/v1/a")),
            ("HTTPS://vault.example:8200/v1/a?version=2", of(true, "vault.example:8200", "/v1/a?version=2")),
            ("http://127.0.0.1:80", of(false, "127.0.0.1:80", "/")),
            ("https://[::1]:8200/", of(true, "[::1]:8200", "/")),
            ("https://h/a?b=https://x/y@z", of(true, "h", "/a?b=https://x/y@z")),
            ("https://h/a//b/../c", of(true, "h", "/a//b/../c")),
            ("vault.example/v1", Err(UrlError::Scheme)),
            ("ftp://h/", Err(UrlError::Scheme)),
            ("//h/", Err(UrlError::Scheme)),
            ("", Err(UrlError::Scheme)),
            ("https:///v1", Err(UrlError::Host)),
            ("https://", Err(UrlError::Host)),
            ("https://:443/", Err(UrlError::Host)),
            ("https://h?a=b", Err(UrlError::NoPath)),
            ("https://user:pw@h/", Err(UrlError::UserInfo)),
            ("https://a@h", Err(UrlError::UserInfo)),
            ("https://h/a#b", Err(UrlError::Fragment)),
            ("https://h/a b", Err(UrlError::Character)),
            ("https://h/a\r\nHost: x", Err(UrlError::Character)),
            ("https://h\\@x/", Err(UrlError::Character)),
            ("https://h/\u{e9}", Err(UrlError::Character)),
            ("https://h/\0", Err(UrlError::Character)),
        ];
        for (url, expected) in rows {
            assert_eq!(split(url), expected, "{url:?}");
        }
    }

    proptest! {
        /// The three parts are the text, and nothing is lost or moved between them.
        #[test]
        fn the_parts_are_the_text(url in "https?://[ -~]{0,40}") {
            if let Ok(Target { tls, authority, path }) = split(&url) {
                let scheme = if tls { "https" } else { "http" };
                let again = format!("{scheme}://{authority}{path}");
                let slash = format!("{url}/");
                prop_assert!(again == url || again == slash);
                prop_assert!(!authority.contains(['/', '?', '@', '#']));
            }
        }

        /// What is encoded is one segment, and reads back as what it was.
        #[test]
        fn an_encoded_text_is_one_segment(text in any::<String>()) {
            let encoded = encode(&text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            let url = format!("https://h/{encoded}?{encoded}={encoded}");
            prop_assert!(split(&url).is_ok());
            let mut bytes = Vec::new();
            let mut rest = encoded.bytes();
            while let Some(byte) = rest.next() {
                if byte == b'%' {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                } else {
                    bytes.push(byte);
                }
            }
            prop_assert_eq!(bytes, text.into_bytes());
        }
    }
}
