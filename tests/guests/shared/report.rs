//! A report: every attempt with its outcome, in the order in which they were made.

use std::fmt::Write as _;

/// Attempts and outcomes so far.
#[derive(Debug, Default)]
pub struct Report(String);

impl Report {
    /// Nothing was attempted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one attempt.
    pub fn add(&mut self, attempt: &str, outcome: impl AsRef<str>) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push(';');
        }
        // Writing to a string does not fail.
        let _ = write!(self.0, "{attempt}={}", outcome.as_ref());
        self
    }

    /// `attempt=outcome;attempt=outcome`.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.0)
    }
}
