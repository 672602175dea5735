//! A guest's request as text, for the one parser that there is.

use http::{HeaderMap, Method, Uri};
use portcullis_policy::{Request, RequestError};

/// Reads what the guest put together. The text is what it wrote: the parser of the policy accepts one spelling of it.
pub(super) fn read(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Request, RequestError> {
    let names = headers.keys().map(http::HeaderName::as_str);
    Request::parse(method.as_str(), &url(uri), names)
}

/// Method and URL without its query, as the guest wrote them: whoever shows them escapes them.
pub(super) fn target(method: &Method, uri: &Uri) -> String {
    let url = url(uri);
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    // What stands before an `@` may be a password.
    let shown = match uri.authority() {
        Some(authority) if authority.as_str().contains('@') => "a URL with a user name",
        _ => shown,
    };
    format!("{method} {shown}")
}

fn url(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or_default();
    let authority = uri.authority().map_or("", http::uri::Authority::as_str);
    let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    format!("{scheme}://{authority}{path}")
}
