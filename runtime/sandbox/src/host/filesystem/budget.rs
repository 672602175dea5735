//! What one call may take from the file system.

use std::sync::atomic::{AtomicU64, Ordering};

use portcullis_policy::{Limits, Reason};

use super::Refusal;
use super::bindings::wasi::filesystem::types::ErrorCode;

/// Bytes and folder entries that are left of a call.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: AtomicU64,
    entries: AtomicU64,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            bytes: AtomicU64::new(limits.file_bytes.value().get()),
            entries: AtomicU64::new(u64::from(limits.entries.value())),
        }
    }

    /// How much of a read of `wanted` bytes may happen; nothing is taken yet.
    pub(super) fn readable(&self, wanted: u64) -> Result<u64, Refusal> {
        match self.bytes.load(Ordering::Relaxed) {
            0 if wanted > 0 => Err(exhausted()),
            left => Ok(left.min(wanted)),
        }
    }

    /// Takes bytes that were read or written.
    pub(super) fn take_bytes(&self, taken: usize) -> Result<(), Refusal> {
        take(&self.bytes, u64::try_from(taken).unwrap_or(u64::MAX))
    }

    /// Takes one folder entry.
    pub(super) fn take_entry(&self) -> Result<(), Refusal> {
        take(&self.entries, 1)
    }
}

fn take(left: &AtomicU64, taken: u64) -> Result<(), Refusal> {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(taken))
        .map(drop)
        .map_err(|_| exhausted())
}

fn exhausted() -> Refusal {
    Refusal::denied(ErrorCode::Quota, Reason::FsLimit)
}
