//! What a guest asked for, as an audit record keeps it.

use super::{Request, RequestError};

/// A request without values: no value of its query or of a header, and nothing of a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedRequest {
    /// The method.
    pub method: String,
    /// The canonical URL without its query.
    pub url: String,
    /// The keys of its query, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<String>,
    /// The names of its headers in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
}

impl AskedRequest {
    /// What is kept of a request.
    pub fn of(request: &Request) -> Self {
        let mut url = request.url().clone();
        url.set_query(None);
        Self {
            method: request.method().to_owned(),
            url: url.into(),
            query: request.query().unwrap_or_default().to_vec(),
            headers: request.headers().to_vec(),
        }
    }

    /// The request again, with an empty value for each key.
    ///
    /// # Errors
    /// As [`Request::parse`] has them: a record may come from anywhere.
    pub fn request(&self) -> Result<Request, RequestError> {
        let mut url = self.url.clone();
        for (position, key) in self.query.iter().enumerate() {
            url.push(if position == 0 { '?' } else { '&' });
            url.push_str(key);
            url.push('=');
        }
        Request::parse(&self.method, &url, &self.headers)
    }
}
