//! One line of the report.

use serde::Serialize;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// It works, with less than there could be.
    Warning,
    /// It is not there, or cannot be used.
    Missing,
}

/// A check, what it found, and what to do about it.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) state: State,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'static str>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: None }
    }

    pub(super) fn warning(check: &'static str, found: impl Into<String>, remedy: &'static str) -> Self {
        Self { check, state: State::Warning, found: found.into(), remedy: Some(remedy) }
    }

    pub(super) fn missing(check: &'static str, found: impl Into<String>, remedy: &'static str) -> Self {
        Self { check, state: State::Missing, found: found.into(), remedy: Some(remedy) }
    }

    /// As it is shown; a remedy stands on a line of its own.
    pub(super) fn text(&self, width: usize) -> String {
        let state = match self.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Missing => "missing",
        };
        let line = format!("{state:7}  {:width$}  {}", self.check, self.found);
        match self.remedy {
            None => line,
            Some(remedy) => format!("{line}\n{:7}  {:width$}  to do: {remedy}", "", ""),
        }
    }
}
