//! A request as a guest asks for it, in its one spelling.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::url_text::UrlText;
use super::{Origin, RequestPattern, pattern, query, segment};
use crate::document::quoted;
use crate::{Denial, EscapedText, ProviderName, Reason};

/// Most segments of a path. What looks at all of them takes longer than in proportion.
const SEGMENTS: usize = 128;
/// Longest path in a message, in bytes.
const SHOWN: usize = 256;

/// One request: method, URL and the names of its headers. There is one spelling of each, so that what was decided and what
/// is sent cannot be two things. Cheap to clone. Neither `Debug` nor `Display` shows the query.
///
/// ```
/// use portcullis_policy::{Reason, Request};
/// let request = Request::parse("GET", "https://vault.example:8200/v1/kv/data/a?version=2", ["accept"])?;
/// assert_eq!(request.to_string(), "GET https://vault.example:8200/v1/kv/data/a");
/// let error = Request::parse("GET", "https://vault.example@evil.example/", [""; 0]).unwrap_err();
/// assert_eq!(error.reason(), Reason::NetUserinfo);
/// # Ok::<(), portcullis_policy::RequestError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Request(Arc<Parts>);

#[derive(PartialEq, Eq)]
struct Parts {
    url: Url,
    origin: Origin,
    pattern: RequestPattern,
    query: Option<Vec<String>>,
    headers: Vec<String>,
}

/// A request that is refused whatever the policy says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {problem}")]
pub struct RequestError {
    reason: Reason,
    problem: String,
}

impl RequestError {
    pub(super) fn new(reason: Reason, problem: impl Into<String>) -> Self {
        Self { reason, problem: problem.into() }
    }

    /// The stable reason.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The same as a provider's denial.
    pub fn denial(self, provider: &ProviderName) -> Denial {
        Denial::new(provider, self.reason, self.problem)
    }
}

impl Request {
    /// Reads a request. The URL is absolute; case of scheme and host does not count, and nothing else may differ from the
    /// canonical form that the `url` crate makes of it.
    ///
    /// # Errors
    /// `net.method` for a method that no policy can allow, `net.userinfo`, `net.unknown_origin` where the text is no URL
    /// of http or https, `net.noncanonical_host`, `net.path`, `net.query` and `net.header` where that part has another
    /// spelling than its one.
    pub fn parse<H: AsRef<str>>(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = H>,
    ) -> Result<Self, RequestError> {
        pattern::check_method(method).map_err(|problem| {
            RequestError::new(Reason::NetMethod, format!("{} is no method: {problem}", quoted(method)))
        })?;
        let parts = UrlText::split(url)?;
        let origin = parts.origin()?;
        let path = |problem| RequestError::new(Reason::NetPath, format!("the path is refused: {problem}"));
        let segments = segment::split(parts.path).map_err(path)?;
        if segments.len() > SEGMENTS {
            return Err(path("it has more than 128 segments"));
        }
        let readings: Vec<_> =
            segments.iter().map(|text| segment::read(text)).collect::<Result<_, _>>().map_err(path)?;
        let plain = readings.iter().all(|reading| *reading == segment::Reading::Plain);
        let query = parts.query.map(query::keys).transpose().map_err(|problem| {
            RequestError::new(Reason::NetQuery, format!("the query is refused: {problem}"))
        })?;
        let canonical = parts.canonical(&origin)?;
        Ok(Self(Arc::new(Parts {
            url: canonical,
            pattern: RequestPattern::exact(method, &segments, !plain),
            origin,
            query,
            headers: headers.into_iter().map(|name| header(name.as_ref())).collect::<Result<_, _>>()?,
        })))
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.0.pattern.method()
    }

    /// The canonical URL.
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// Where it goes.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// The names of its headers in lower case, in their order.
    pub fn headers(&self) -> &[String] {
        &self.0.headers
    }

    /// Method and path as the pattern that this request alone matches.
    pub(super) fn pattern(&self) -> &RequestPattern {
        &self.0.pattern
    }

    /// The keys of its query; nothing where it has none.
    pub(super) fn query(&self) -> Option<&[String]> {
        self.0.query.as_deref()
    }

    /// Method and path, for messages.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method(), EscapedText::new(self.url().path(), SHOWN))
    }
}

fn header(name: &str) -> Result<String, RequestError> {
    // RFC 9110, section 5.6.2.
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || name.len() > 128 || !name.bytes().all(token) {
        let problem = format!("{} is no header name", quoted(name));
        return Err(RequestError::new(Reason::NetHeader, problem));
    }
    Ok(name.to_ascii_lowercase())
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.method(), self.origin(), EscapedText::new(self.url().path(), SHOWN))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
