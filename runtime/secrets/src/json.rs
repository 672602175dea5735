//! The reader of JSON.

use crate::document::{Fault, Findings};

/// Finds the references of a JSON text.
pub(crate) fn read(_text: &str) -> Result<Findings, Fault> {
    Ok(Findings::default())
}
