//! What came back.

use std::fmt;

use portcullis_compat::json::{self, Value};

use super::{Error, ErrorKind, retry_after};
use crate::{Failure, FailureKind};

/// An answer, whatever its status. Its `Debug` output shows neither values of headers nor the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    pub(super) request: String,
    pub(super) attempts: u32,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

impl Response {
    /// The status. Redirects are answers like any other: nothing follows them.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The first header of this name that is text. Case does not count.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.find_map(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body itself, without a copy.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Text`] where it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.body).map_err(|_| self.error(ErrorKind::Text))
    }

    /// The body as JSON, whatever its type is said to be.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is not JSON, or nested deeper than [`json::MAX_TREE_DEPTH`].
    pub fn json(&self) -> Result<Value, Error> {
        json::parse(&self.body).map_err(|error| self.error(ErrorKind::Json(error.to_string())))
    }

    /// Seconds after which the server wants to be asked again, where it names seconds.
    pub fn retry_after(&self) -> Option<u32> {
        let (_, value) = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
        retry_after::seconds(value)
    }

    /// This answer if its status is 2xx, else what the status means as a failure. The body is not in its message: a store
    /// may write secrets there.
    ///
    /// # Errors
    ///
    /// `not-found` for 404 and 410, `denied` for 401 and 403, `unavailable` for 408, 429 and 5xx (with the server's
    /// `Retry-After`), `other` for the rest.
    pub fn ok(self) -> Result<Self, Failure> {
        let kind = match self.status {
            200..=299 => return Ok(self),
            401 | 403 => FailureKind::Denied,
            404 | 410 => FailureKind::NotFound,
            408 | 429 | 500..=599 => FailureKind::Unavailable,
            _ => FailureKind::Other,
        };
        let mut message = format!("{}: the server answered with status {}", self.request, self.status);
        if self.attempts > 1 {
            message.push_str(&format!(" (tried {} times)", self.attempts));
        }
        let retry_after = if kind == FailureKind::Unavailable { self.retry_after() } else { None };
        Err(Failure { kind, message, retry_after })
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(self.request.clone(), self.attempts, kind)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Response")
            .field("request", &self.request)
            .field("status", &self.status)
            .field("headers", &names)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorKind, Response, Value};
    use crate::FailureKind::{self, Denied, NotFound, Other, Unavailable};

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        let header = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        Response {
            request: "GET https://h/a".to_owned(),
            attempts: 1,
            status,
            headers: headers.iter().map(header).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_status_is_an_answer_or_a_failure() {
        // Status, the failure, and when to come back.
        type Row = (u16, Option<(FailureKind, Option<u32>)>);
        const ROWS: [Row; 11] = [
            (200, None),
            (204, None),
            (302, Some((Other, None))),
            (400, Some((Other, None))),
            (401, Some((Denied, None))),
            (403, Some((Denied, None))),
            (404, Some((NotFound, None))),
            (410, Some((NotFound, None))),
            (429, Some((Unavailable, Some(7)))),
            (500, Some((Unavailable, Some(7)))),
            (503, Some((Unavailable, Some(7)))),
        ];
        for (status, expected) in ROWS {
            let failed = answer(status, &[("Retry-After", "7")], "secret").ok().err();
            let message = failed.as_ref().map(|failure| failure.message.clone()).unwrap_or_default();
            assert!(!message.contains("secret"), "{message}");
            assert_eq!(failed.map(|failure| (failure.kind, failure.retry_after)), expected, "{status}");
        }
    }

    #[test]
    fn a_body_is_bytes_text_or_json() {
        let found = answer(200, &[("X-A", "1")], "{\"a\": [1]}");
        assert_eq!(found.header("x-a"), Some("1"));
        assert_eq!(found.json().unwrap().get_last("a"), Some(&Value::Array(vec![Value::Number("1".into())])));
        let mut broken = answer(200, &[], "{");
        assert!(matches!(broken.json().unwrap_err().kind(), ErrorKind::Json(_)));
        broken.body = vec![0xff];
        assert_eq!(broken.text().unwrap_err().kind(), &ErrorKind::Text);
        assert!(!format!("{:?}", answer(200, &[("x", "hunter2")], "hunter2")).contains("hunter2"));
    }
}
