//! A request as a guest asks for it, in its one spelling.

use std::fmt;

use url::Url;

use super::{Origin, RequestPattern, pattern, query, segment};
use crate::document::quoted;
use crate::{Denial, EscapedText, ProviderName, Reason};

/// Longest URL, in bytes: far more than a store needs.
const URL: usize = 8 << 10;
/// Most segments of a path. What looks at all of them takes longer than in proportion.
const SEGMENTS: usize = 128;
/// Longest path in a message, in bytes.
const SHOWN: usize = 256;

/// One request: method, URL and the names of its headers. There is one spelling of each, so that what was decided and what
/// is sent cannot be two things. Neither `Debug` nor `Display` shows the query.
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
pub struct Request {
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
    fn new(reason: Reason, problem: impl Into<String>) -> Self {
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
        let parts = Parts::split(url)?;
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
        let canonical = canonical(&origin, &parts)?;
        Ok(Self {
            url: canonical,
            pattern: RequestPattern::exact(method, &segments, !plain),
            origin,
            query,
            headers: headers.into_iter().map(|name| header(name.as_ref())).collect::<Result<_, _>>()?,
        })
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.pattern.method()
    }

    /// The canonical URL.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Where it goes.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The names of its headers in lower case, in their order.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Method and path as the pattern that this request alone matches.
    pub(super) const fn pattern(&self) -> &RequestPattern {
        &self.pattern
    }

    /// The keys of its query; nothing where it has none.
    pub(super) fn query(&self) -> Option<&[String]> {
        self.query.as_deref()
    }

    /// Method and path, for messages.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method(), EscapedText::new(self.url.path(), SHOWN))
    }
}

/// The text of a URL, cut where every reader cuts it.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, RequestError> {
        if text.len() > URL {
            return Err(RequestError::new(
                Reason::NetPath,
                format!("the URL has {} bytes, and {URL} are allowed", text.len()),
            ));
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(not_absolute)?;
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(not_absolute());
        }
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if authority.contains('@') {
            let problem = "a URL has no user name and no password: the host attaches credentials";
            return Err(RequestError::new(Reason::NetUserinfo, problem));
        }
        // A reader of web pages ends the host here, others do not.
        if rest.starts_with('\\') {
            return Err(host(authority, "a backslash follows it"));
        }
        if rest.contains('#') {
            let problem = "the path is refused: a request has no fragment: leave `#` and what follows away";
            return Err(RequestError::new(Reason::NetPath, problem));
        }
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        Ok(Self { scheme, authority, path, query })
    }

    fn origin(&self) -> Result<Origin, RequestError> {
        let text = format!("{}://{}", self.scheme, self.authority).to_ascii_lowercase();
        let origin = Origin::of_request(&text).map_err(|problem| host(self.authority, problem))?;
        if origin.to_string() == text {
            Ok(origin)
        } else {
            Err(host(self.authority, "leave the port away, which is the scheme's own"))
        }
    }
}

/// What the client gets, from the parser that it would use itself. It must be what was written.
fn canonical(origin: &Origin, parts: &Parts<'_>) -> Result<Url, RequestError> {
    let query = parts.query.map(|query| format!("?{query}")).unwrap_or_default();
    let text = format!("{origin}{}{query}", parts.path);
    let url = Url::parse(&text).map_err(|error| host(parts.authority, &error.to_string()))?;
    if url.as_str() == text {
        return Ok(url);
    }
    if url.origin().ascii_serialization() != origin.to_string() {
        return Err(host(parts.authority, "its canonical form is another one"));
    }
    let problem = "the path is refused: its canonical form is another one";
    Err(RequestError::new(Reason::NetPath, problem))
}

fn not_absolute() -> RequestError {
    RequestError::new(Reason::NetUnknownOrigin, "expected an absolute URL: `https://host/path`")
}

fn host(authority: &str, problem: &str) -> RequestError {
    // Behind a colon, where no number is, a password could stand.
    let shown = match authority.rsplit_once(':') {
        Some((host, port)) if !port.bytes().all(|b| b.is_ascii_digit()) && !port.ends_with(']') => host,
        _ => authority,
    };
    let problem = format!("the host {} is refused: {problem}", quoted(shown));
    RequestError::new(Reason::NetNoncanonicalHost, problem)
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
        write!(f, "{} {}{}", self.method(), self.origin, EscapedText::new(self.url.path(), SHOWN))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
