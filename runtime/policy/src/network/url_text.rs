//! The text of a URL: one spelling of it, and what is said of the others.

use url::Url;

use super::{Origin, RequestError};
use crate::Reason;
use crate::document::quoted;

/// Longest URL, in bytes: far more than a store needs.
const LONGEST: usize = 8 << 10;

/// A URL, cut where every reader cuts it.
pub(super) struct UrlText<'a> {
    scheme: &'a str,
    authority: &'a str,
    pub(super) path: &'a str,
    /// What stands behind the question mark, where there is one.
    pub(super) query: Option<&'a str>,
}

impl<'a> UrlText<'a> {
    /// # Errors
    /// When the text is no URL of http or https, or one that some readers cut elsewhere.
    pub(super) fn split(text: &'a str) -> Result<Self, RequestError> {
        if text.len() > LONGEST {
            let problem = format!("the URL has {} bytes, and {LONGEST} are allowed", text.len());
            return Err(RequestError::new(Reason::NetPath, problem));
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
        // A browser ends the host here, and others do not.
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

    /// Where the request goes.
    ///
    /// # Errors
    /// `net.noncanonical_host` when the host, or the port, can be written in another way.
    pub(super) fn origin(&self) -> Result<Origin, RequestError> {
        let text = format!("{}://{}", self.scheme, self.authority).to_ascii_lowercase();
        let origin = Origin::of_request(&text).map_err(|problem| host(self.authority, problem))?;
        if origin.to_string() == text {
            Ok(origin)
        } else {
            Err(host(self.authority, "leave the port away, which is the scheme's own"))
        }
    }

    /// What a client is given, from the parser that it would use itself: it must be what was written.
    ///
    /// # Errors
    /// `net.noncanonical_host` or `net.path`, by the part that differs.
    pub(super) fn canonical(&self, origin: &Origin) -> Result<Url, RequestError> {
        let query = self.query.map(|query| format!("?{query}")).unwrap_or_default();
        let text = format!("{origin}{}{query}", self.path);
        let url = Url::parse(&text).map_err(|error| host(self.authority, &error.to_string()))?;
        if url.as_str() == text {
            return Ok(url);
        }
        if url.origin().ascii_serialization() != origin.to_string() {
            return Err(host(self.authority, "its canonical form is another one"));
        }
        let problem = "the path is refused: its canonical form is another one";
        Err(RequestError::new(Reason::NetPath, problem))
    }
}

fn not_absolute() -> RequestError {
    RequestError::new(Reason::NetUnknownOrigin, "expected an absolute URL: `https://host/path`")
}

fn host(authority: &str, problem: &str) -> RequestError {
    // Behind a colon, where no number is, a password could stand.
    let shown = match authority.split_once(':') {
        Some((host, port)) if !authority.starts_with('[') && !port.bytes().all(|b| b.is_ascii_digit()) => {
            host
        }
        _ => authority,
    };
    let problem = format!("the host {} is refused: {problem}", quoted(shown));
    RequestError::new(Reason::NetNoncanonicalHost, problem)
}
