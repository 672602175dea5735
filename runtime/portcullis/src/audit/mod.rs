//! The audit file: one JSON object a line for what was denied, cut off or failed.
//!
//! A record holds names, targets and reasons; never a value, never a credential.

mod counts;
mod file;
mod record;

pub use counts::DenialCounts;
pub use file::{AuditError, AuditFile};
pub use record::{Record, RecordError, read};
