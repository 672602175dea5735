//! What went wrong with a refresh.

use std::fmt::{self, Display, Formatter};

use crate::audit::AuditError;
use crate::failure::Failure;
use crate::handle::Handle;

use super::report::Report;

/// How many handles a message names.
const NAMED: usize = 20;

/// A refresh that is not complete. What could be fetched is applied, in `report`, and served.
#[derive(Debug)]
pub struct RefreshError {
    /// What was done all the same.
    pub report: Report,
    /// The handles that could not be fetched, sorted: the last good value of each is still served.
    pub failures: Vec<HandleError>,
    /// Why the change is not in the audit file, if it should be.
    pub audit: Option<Box<AuditError>>,
    /// Whether the refresh was cut off: its runtime is shutting down.
    pub interrupted: bool,
}

/// A handle that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("handle \"{handle}\": {failure}")]
pub struct HandleError {
    /// The handle.
    pub handle: Handle,
    /// Why.
    pub failure: Failure,
}

impl Display for RefreshError {
    /// The audit error if there is one, else a line for each handle, of the first twenty.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(audit) = &self.audit {
            return Display::fmt(audit, f);
        }
        if self.interrupted {
            return f.write_str("the refresh was cut off, because the runtime that it ran on shuts down");
        }
        for (position, error) in self.failures.iter().take(NAMED).enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            Display::fmt(error, f)?;
        }
        match self.failures.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more handles"),
        }
    }
}

impl std::error::Error for RefreshError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.audit.as_deref().map(|audit| audit as _)
    }
}
