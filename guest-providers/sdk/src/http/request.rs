//! What is asked for.

use std::fmt;

use super::url::{self, Target, UrlError};
use super::{encode, text};

/// Methods that may be sent twice: the second time changes nothing more (RFC 9110, section 9.2.2; `LIST` is Vault's).
const REPEATABLE: [&str; 6] = ["DELETE", "GET", "HEAD", "LIST", "OPTIONS", "PUT"];

/// One request. Its `Debug` output shows neither the query, nor values of headers, nor the body.
///
/// ```
/// use portcullis_guest::http::{Request, encode};
/// let request = Request::get(format!("https://vault.example:8200/v1/kv/data/{}", encode("db")))
///     .query("version", "2")
///     .header("x-vault-namespace", "team-a");
/// assert_eq!(request.to_string(), "GET https://vault.example:8200/v1/kv/data/db");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) method: String,
    url: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Option<Vec<u8>>,
    repeatable: bool,
}

impl Request {
    /// A request with any method: `PATCH`, `LIST`, …
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        let method = method.into();
        let repeatable = REPEATABLE.contains(&method.as_str());
        Self { method, url: url.into(), headers: Vec::new(), body: None, repeatable }
    }

    /// `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// `POST` with a body. It is sent once, where it may have arrived: see [`Request::repeatable`].
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", url).body(body)
    }

    /// Adds a header. The policy lists those that may be set (`headers`); of a credential's own the host sets its own.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds `key=value` to the query, both encoded. The policy lists the keys that may be used (`query`).
    #[must_use]
    pub fn query(mut self, key: &str, value: &str) -> Self {
        let mark = if self.url.contains('?') { '&' } else { '?' };
        self.url.push(mark);
        self.url.push_str(&encode(key));
        self.url.push('=');
        self.url.push_str(&encode(value));
        self
    }

    /// Sets the body. Its length is sent with it.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    /// Says that this request may be sent twice although its method does not say so, as where a store takes reads by
    /// `POST`. Without it, a `POST` is tried again only where the server said that it did nothing (429, 503).
    #[must_use]
    pub fn repeatable(self) -> Self {
        Self { repeatable: true, ..self }
    }

    /// Whether a second one does no harm.
    pub(super) const fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Scheme, authority and path.
    pub(super) fn target(&self) -> Result<Target<'_>, UrlError> {
        url::split(&self.url)
    }
}

/// Method and URL, without the query: a key may stand there.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        // Nor is a password shown, where somebody took one for a part of a URL.
        let shown = match url.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
                let host = authority.rsplit('@').next().unwrap_or_default();
                format!("{scheme}://{host}/{path}")
            }
            None => url.to_owned(),
        };
        write!(f, "{} {}", text::shown(&self.method), text::shown(&shown))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Request")
            .field("line", &self.to_string())
            .field("headers", &names)
            .field("body", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn nothing_that_could_be_secret_is_shown() {
        let secrets = ["hunter2", "hunter3", "hunter4", "hunter5"];
        let [query, header, body, password] = secrets;
        let request = Request::post(format!("https://user:{password}@h/a"), body)
            .query("token", query)
            .header("x", header);
        for shown in [request.to_string(), format!("{request:?}"), format!("{request:#?}")] {
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
        assert_eq!(request.to_string(), "POST https://h/a");
    }

    #[test]
    fn keys_and_values_of_a_query_are_encoded() {
        let request = Request::get("https://h/a").query("a b", "1&c=2").query("d", "\u{e9}");
        assert_eq!(request.target().unwrap().path, "/a?a%20b=1%26c%3D2&d=%C3%A9");
    }

    #[test]
    fn methods_that_write_are_sent_once() {
        for (method, repeatable) in
            [("GET", true), ("LIST", true), ("PUT", true), ("POST", false), ("PATCH", false), ("get", false)]
        {
            assert_eq!(Request::new(method, "https://h/").is_repeatable(), repeatable, "{method}");
            assert!(Request::new(method, "https://h/").repeatable().is_repeatable());
        }
    }
}
