//! A request, as far as anybody here looks at it.

use http::Method;

/// What is asked for. Requests have no body: one that comes is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// GET, mostly.
    pub method: Method,
    /// Without the query: `/agent/secrets`.
    pub path: String,
    query: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn of<B>(request: &http::Request<B>) -> Self {
        let query = request.uri().query().unwrap_or_default();
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        }
    }

    /// The value of a key of the query; the first one where there are several.
    #[must_use]
    pub fn query(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}
