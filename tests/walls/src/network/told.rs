//! What a guest told of its request, and what the host reported of it.

use portcullis_policy::{Event, Reason};
use serde_json::Value;

/// Both sides of one call.
#[derive(Debug)]
pub(crate) struct Told {
    /// What the guest told: see `tests/guests/shared/answer.rs`.
    pub(crate) guest: Value,
    /// What the host reported.
    pub(crate) events: Vec<Event>,
}

impl Told {
    /// One thing that the guest told, as text.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.guest.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The codes of everything that was denied or stopped, in order.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        let reason = |event: &Event| match event {
            Event::Denied { reason, .. } | Event::LimitReached { reason, .. } => Some(*reason),
            Event::RequestFailed { reason, .. } => *reason,
            _ => None,
        };
        self.events.iter().filter_map(reason).collect()
    }

    /// The policy said no, for this reason and no other.
    pub(crate) fn denied(&self, reason: Reason) -> Result<(), String> {
        self.failed("HttpRequestDenied", &[reason])
    }

    /// The guest got this error, at the head or in the body, and the host reported these reasons.
    pub(crate) fn failed(&self, error: &str, reasons: &[Reason]) -> Result<(), String> {
        let told = [self.text("error"), self.text("end"), self.text("refused")];
        if told.contains(&error) && self.reasons() == reasons {
            return Ok(());
        }
        Err(format!("expected {error} for {reasons:?}, saw {self:?}"))
    }

    /// The answer's body ended with this error, and the host reported these reasons.
    pub(crate) fn ended(&self, error: &str, reasons: &[Reason]) -> Result<(), String> {
        let end = self.end();
        if end == error && self.reasons() == reasons {
            return Ok(());
        }
        Err(format!("expected the end {error} for {reasons:?}, saw {end:?} for {:?}", self.reasons()))
    }

    /// The code of the error at the head or in the body, `closed` for a body that is whole.
    ///
    /// The interface loses the code of an error in a body (wasmtime-wasi-http 48.0.8), and keeps its words: these are taken
    /// for it, and no others, so that nothing of the host's inside can stand there.
    pub(crate) fn end(&self) -> String {
        let told = [self.text("error"), self.text("end")].concat();
        let Some(words) = told.strip_prefix("failed: ") else { return told };
        match words {
            "HTTP response timeout" => "HttpResponseTimeout".to_owned(),
            "HTTP protocol error" => "HttpProtocolError".to_owned(),
            "connection terminated" => "ConnectionTerminated".to_owned(),
            _ => match words.strip_prefix("HTTP response body size exceeds limit: ") {
                Some(limit) => format!("HttpResponseBodySize(Some({}))", limit.trim_end_matches(" bytes")),
                None => told,
            },
        }
    }

    /// An answer with this status and body, whole.
    pub(crate) fn answered(&self, status: u16, body: &str) -> Result<(), String> {
        let right = self.guest.get("status").and_then(Value::as_u64) == Some(u64::from(status));
        if right && self.text("body") == body && self.text("end") == "closed" {
            return Ok(());
        }
        Err(format!("expected {status} with {body:?}, saw {self:?}"))
    }

    /// An answer with this status, whatever its body is.
    pub(crate) fn status(&self, status: u16) -> Result<(), String> {
        match self.guest.get("status").and_then(Value::as_u64) {
            Some(found) if found == u64::from(status) => Ok(()),
            _ => Err(format!("expected the status {status}, saw {self:?}")),
        }
    }

    /// What was reported, as an operator would see it.
    pub(crate) fn said(&self) -> String {
        format!("{:?}", self.events)
    }
}
