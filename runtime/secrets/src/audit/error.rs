//! What goes wrong with an audit file.

use std::io;
use std::path::PathBuf;

/// A record that is not in the file. What was to be recorded has happened all the same.
#[derive(Debug, thiserror::Error)]
#[error("could not {step} '{}': {cause}. The change is applied but not recorded; check the folder's space and rights.", .path.display())]
pub struct AuditError {
    /// What was being done: `read`, `append to`, …
    pub step: &'static str,
    /// To which file.
    pub path: PathBuf,
    /// What the system says.
    #[source]
    pub cause: io::Error,
}

impl AuditError {
    /// For `map_err`.
    pub(crate) fn at(step: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self { step, path, cause }
    }
}
