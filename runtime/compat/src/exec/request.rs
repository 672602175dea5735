//! What is read from standard input.

use std::fmt;
use std::time::Duration;

use crate::go::equal_fold;
use crate::json::{Cursor, Error, Found, Kind, SyntaxError, TypeError, Value, check, read};

/// How long a handle may take when the request does not say.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A request: which handles to resolve, and by which backend if it says so.
///
/// ```
/// use portcullis_compat::exec::Request;
///
/// let request = Request::parse(br#"{"version":"1.1","secrets":["db","api"],"secret_backend_timeout":5}"#)?;
/// assert_eq!(request.handles(), ["db", "api"]);
/// assert_eq!(request.backend_type(), None);
/// assert_eq!(request.timeout().as_secs(), 5);
/// # Ok::<(), portcullis_compat::exec::RequestError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    handles: Vec<String>,
    backend_type: Option<String>,
    config: Option<Value>,
    timeout: Option<f64>,
}

impl Request {
    /// Reads a request. Field names match in any case, the last of repeated fields counts (maps are merged), a null is as if absent,
    /// unknown fields are passed over.
    ///
    /// # Errors
    /// Not one JSON document, or a known field of the wrong type.
    pub fn parse(text: &[u8]) -> Result<Self, RequestError> {
        let mut reader = Reader::new(text)?;
        reader.document()?;
        match reader.fault {
            Some(fault) => Err(RequestError(fault.into())),
            None => Ok(reader.request),
        }
    }

    /// The handles in the order given, repetitions included. One given as null is the empty handle.
    #[must_use]
    pub fn handles(&self) -> &[String] {
        &self.handles
    }

    /// The backend type, if the request has one. An empty one counts as given.
    #[must_use]
    pub fn backend_type(&self) -> Option<&str> {
        self.backend_type.as_deref()
    }

    /// The backend's settings, if the request has any: always an object.
    #[must_use]
    pub fn config(&self) -> Option<&Value> {
        self.config.as_ref()
    }

    /// How long one handle may take: whole seconds, the fraction cut off (0.5 leaves no time at all); 30 s if absent, zero or less.
    /// More than a century is a century.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        const CENTURY: f64 = 3_155_760_000.0;
        match self.timeout {
            Some(seconds) if seconds > 0.0 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "in range, and cutting off the fraction is the point"
                )]
                let whole = seconds.min(CENTURY) as u64;
                Duration::from_secs(whole)
            }
            _ => DEFAULT_TIMEOUT,
        }
    }
}

/// The request cannot be read: exit status 1, and this text as the log line on standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError(Error);

impl RequestError {
    /// What is wrong with the JSON.
    #[must_use]
    pub fn cause(&self) -> &Error {
        &self.0
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to unmarshal input: {}", self.0)
    }
}

// The text of the cause is part of the text of the error: naming it as the source as well would print it twice.
impl std::error::Error for RequestError {}

impl From<SyntaxError> for RequestError {
    fn from(error: SyntaxError) -> Self {
        Self(error.into())
    }
}

/// Reads on after a type error, and keeps the first.
struct Reader<'a> {
    cursor: Cursor<'a>,
    end: usize,
    request: Request,
    fault: Option<TypeError>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Result<Self, SyntaxError> {
        let cursor = Cursor::new(check(text)?);
        Ok(Self { cursor, end: text.len(), request: Request::default(), fault: None })
    }

    fn document(&mut self) -> Result<(), SyntaxError> {
        match self.cursor.kind() {
            Kind::Null => return Ok(()),
            Kind::Object => {}
            kind => {
                self.fault = Some(TypeError::new(kind.into(), "secret.Input"));
                return Ok(());
            }
        }
        self.cursor.enter();
        while self.cursor.more() {
            let key = self.cursor.key();
            let is = |name| equal_fold(&key, name);
            if is("secrets") {
                self.secrets();
            } else if is("version") {
                self.string("Input.version");
            } else if is("type") {
                let given = self.string("Input.type");
                self.request.backend_type = given.or_else(|| self.request.backend_type.take());
            } else if is("config") {
                self.config()?;
            } else if is("secret_backend_timeout") {
                self.timeout();
            } else {
                self.cursor.skip();
            }
        }
        Ok(())
    }

    fn secrets(&mut self) {
        let found = self.cursor.kind();
        if found == Kind::Array {
            self.request.handles.clear();
            self.cursor.enter();
            while self.cursor.more() {
                let handle = self.string("Input.secrets").unwrap_or_default();
                self.request.handles.push(handle);
            }
        } else if found == Kind::Null {
            self.request.handles.clear();
            self.cursor.skip();
        } else {
            self.mismatch(found, "Input.secrets", "[]string");
        }
    }

    fn string(&mut self, field: &'static str) -> Option<String> {
        match self.cursor.kind() {
            Kind::String => Some(self.cursor.string()),
            found => {
                self.mismatch(found, field, "string");
                None
            }
        }
    }

    fn config(&mut self) -> Result<(), SyntaxError> {
        let found = self.cursor.kind();
        if found == Kind::Object {
            let given = read(&mut self.cursor, self.end)?;
            if let Some(text) = first_huge_number(&given) {
                self.keep(TypeError::in_field(Found::HugeNumber(text.to_owned()), "Input.config", "float64"));
            }
            self.request.config = Some(merge(self.request.config.take(), given));
        } else {
            if found == Kind::Null {
                self.request.config = None;
            }
            self.mismatch(found, "Input.config", "map[string]interface {}");
        }
        Ok(())
    }

    fn timeout(&mut self) {
        const FIELD: &str = "Input.secret_backend_timeout";
        match self.cursor.kind() {
            Kind::Number => {
                let text = self.cursor.word();
                match text.parse::<f64>() {
                    Ok(seconds) if seconds.is_finite() => self.request.timeout = Some(seconds),
                    _ => self.keep(TypeError::in_field(Found::HugeNumber(text.to_owned()), FIELD, "float64")),
                }
            }
            found => {
                if found == Kind::Null {
                    self.request.timeout = None;
                }
                self.mismatch(found, FIELD, "float64");
            }
        }
    }

    /// Passes over a value that does not fit. A null fits everything and changes nothing.
    fn mismatch(&mut self, found: Kind, field: &'static str, wanted: &'static str) {
        self.cursor.skip();
        if found != Kind::Null {
            self.keep(TypeError::in_field(found.into(), field, wanted));
        }
    }

    fn keep(&mut self, fault: TypeError) {
        self.fault.get_or_insert(fault);
    }
}

fn merge(earlier: Option<Value>, later: Value) -> Value {
    match (earlier, later) {
        (Some(Value::Object(mut members)), Value::Object(more)) => {
            members.extend(more);
            Value::Object(members)
        }
        (_, later) => later,
    }
}

fn first_huge_number(value: &Value) -> Option<&str> {
    match value {
        Value::Number(text) => text.parse::<f64>().is_ok_and(f64::is_infinite).then_some(text),
        Value::Array(items) => items.iter().find_map(first_huge_number),
        Value::Object(members) => members.iter().find_map(|(_, member)| first_huge_number(member)),
        Value::Null | Value::Bool(_) | Value::String(_) => None,
    }
}
