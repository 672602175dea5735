//! A record of what changed, on disk: one JSON object a line, put aside when the file grows, thrown away when it is old.
//!
//! * `record`: what a line says ([`AuditRecord`]), and `mask`: how much of a value. `time`: when.
//! * `file`: the file of lines ([`LineFile`]), whole at every moment. `rotated`: the files put aside. `disk`: what it does
//!   to the disk, step by step. `error`: what goes wrong.
//! * `sink`: where records go ([`AuditSink`]).

mod disk;
mod error;
mod file;
mod mask;
mod record;
mod rotated;
mod sink;
mod time;

#[cfg(test)]
mod tests;

pub use error::AuditError;
pub use file::{LineFile, LineFileOptions};
pub use mask::{is_likely_key, mask};
pub use record::{AuditEntry, AuditRecord};
pub use sink::{AuditFile, AuditSink};
