//! An answer: a status and a text.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use http_body_util::Full;
use zeroize::Zeroizing;

/// What a request is answered with. The text is wiped when it has been sent; `Debug` shows its length.
#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
}

const TEXT: &str = "text/plain; charset=utf-8";

impl Answer {
    /// A text.
    #[must_use]
    pub fn text(body: impl Into<Vec<u8>>) -> Self {
        Self::new(StatusCode::OK, TEXT, Zeroizing::new(body.into()))
    }

    /// A JSON document.
    #[must_use]
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(StatusCode::OK, "application/json", Zeroizing::new(body.into()))
    }

    /// A text that a type of its own goes with.
    #[must_use]
    pub fn typed(content_type: &'static str, body: Zeroizing<Vec<u8>>) -> Self {
        Self::new(StatusCode::OK, content_type, body)
    }

    /// An error, as the agent words it: `{"error":"…"}` and a line break.
    #[must_use]
    pub fn error(status: StatusCode, problem: &str) -> Self {
        let mut body = String::from("{\"error\":");
        quote(problem, &mut body);
        body.push_str("}\n");
        Self::new(status, TEXT, Zeroizing::new(body.into_bytes()))
    }

    fn new(status: StatusCode, content_type: &'static str, body: Zeroizing<Vec<u8>>) -> Self {
        Self { status, content_type, body: Bytes::from_owner(body) }
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Its text.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn into_response(self) -> http::Response<Full<Bytes>> {
        let mut response = http::Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// As a JSON string.
fn quote(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    for c in text.chars() {
        let written = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            c if c.is_control() || matches!(c, '<' | '>' | '&') => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "{c}"),
        };
        // A `String` takes everything.
        let _ = written;
    }
    out.push('"');
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("bytes", &self.body.len()).finish()
    }
}
