//! One record, as it is written and read again.

use portcullis_policy::network::AskedRequest;
use portcullis_policy::{Event, Reason};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One line of an audit file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When, in UTC (RFC 3339).
    pub time: String,
    /// What: `loaded`, `denied`, `denied_again`, `limit_reached` or `request_failed`.
    pub event: String,
    /// Whose.
    pub provider: String,
    /// The stable reason code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What to do about it, or what went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request, where it was one that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<AskedRequest>,
    /// How many more of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// A line that is no record.
#[derive(Debug, Error)]
#[error("line {line}: {problem}")]
pub struct RecordError {
    /// Which, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl Record {
    /// What is kept of an event; nothing of what a guest logs.
    pub(super) fn of(event: &Event, time: String) -> Option<Self> {
        let record = |what: &str, reason: Option<&Reason>| Self {
            time,
            event: what.to_owned(),
            provider: event.provider().to_string(),
            reason: reason.map(|reason| reason.code().to_owned()),
            target: None,
            detail: None,
            asked: None,
            count: None,
        };
        match event {
            Event::Loaded { digest, policy, .. } => Some(Self {
                target: Some(digest.to_string()),
                detail: Some(format!("policy {policy}")),
                ..record("loaded", None)
            }),
            Event::Denied { reason, target, remedy, asked, .. } => Some(Self {
                target: Some(target.to_string()),
                detail: remedy.as_ref().map(ToString::to_string),
                asked: asked.clone(),
                ..record("denied", Some(reason))
            }),
            Event::DeniedAgain { reason, count, .. } => {
                Some(Self { count: Some(*count), ..record("denied_again", Some(reason)) })
            }
            Event::LimitReached { reason, limit, .. } => Some(Self {
                target: Some(format!("limits.{limit}")),
                ..record("limit_reached", Some(reason))
            }),
            Event::RequestFailed { destination, reason, problem, .. } => Some(Self {
                target: Some(destination.clone()),
                detail: Some(problem.to_string()),
                ..record("request_failed", reason.as_ref())
            }),
            _ => None,
        }
    }
}

/// Reads the records of an audit file. Empty lines do not count.
///
/// # Errors
///
/// On the first line that is no record.
pub fn read(text: &str) -> Result<Vec<Record>, RecordError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            serde_json::from_str(line)
                .map_err(|error| RecordError { line: index.saturating_add(1), problem: error.to_string() })
        })
        .collect()
}
