//! Reading a request field by field, as Go fills a structure.

use super::request::Request;
use crate::go::equal_fold;
use crate::json::{Cursor, Found, Kind, SyntaxError, TypeError, Value, check, read};

/// Reads on after a type error, and keeps the first.
pub(super) struct Reader<'a> {
    cursor: Cursor<'a>,
    end: usize,
    request: Request,
    fault: Option<TypeError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8]) -> Result<Self, SyntaxError> {
        let cursor = Cursor::new(check(text)?);
        Ok(Self { cursor, end: text.len(), request: Request::default(), fault: None })
    }

    /// The request as far as it fits, and the first fault.
    pub(super) fn read(mut self) -> Result<(Request, Option<TypeError>), SyntaxError> {
        self.document()?;
        Ok((self.request, self.fault))
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
