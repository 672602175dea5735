//! Settings of the wrong type.

use std::collections::BTreeSet;
use std::fmt;

/// The settings could not be decoded. All faults are named, in the words of the reference.
///
/// The offending value is part of the text; where it might be a credential (a number in place of a password)
/// it reads `********`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    faults: Vec<String>,
}

impl DecodeError {
    /// From one fault or more, each a line of its own.
    pub(super) fn new(faults: Vec<String>) -> Self {
        // No two are alike: each names its setting. (A sort would be a tenth of the code of a small guest.)
        let mut sorted = BTreeSet::new();
        sorted.extend(faults);
        Self { faults: sorted.into_iter().collect() }
    }

    /// The faults, sorted.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "failed to map backend configuration: {} error(s) decoding:", self.faults.len())?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n* {fault}"))
    }
}

impl std::error::Error for DecodeError {}
