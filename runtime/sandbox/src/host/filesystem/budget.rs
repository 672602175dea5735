//! What one call may take from the file system.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use portcullis_policy::{Limits, Reason};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Refusal;
use super::bindings::wasi::filesystem::types::ErrorCode;

/// Bytes of small files that a call keeps in memory, all together. More are read from the disk each time: it is a matter of
/// speed alone, and a backend reads a few files of a few KiB.
const AHEAD: u64 = 1 << 20;

/// Bytes, folder entries and open files that are left of a call.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: AtomicU64,
    entries: AtomicU64,
    ahead: AtomicU64,
    open: Arc<Semaphore>,
    longest: u64,
}

/// The right to hold one descriptor of the host. It comes back when the descriptor is closed.
#[derive(Debug)]
pub(super) struct Permit(#[expect(dead_code, reason = "held for its end")] OwnedSemaphorePermit);

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            bytes: AtomicU64::new(limits.file_bytes.value().get()),
            entries: AtomicU64::new(u64::from(limits.entries.value())),
            ahead: AtomicU64::new(AHEAD),
            open: Arc::new(Semaphore::new(usize::try_from(limits.open_files.value()).unwrap_or(usize::MAX))),
            longest: limits.file_bytes.value().get(),
        }
    }

    /// Room for one more open file or folder.
    pub(super) fn open(&self) -> Result<Permit, Refusal> {
        Arc::clone(&self.open).try_acquire_owned().map(Permit).map_err(|_| exhausted())
    }

    /// Whether so many bytes more may be kept in memory; if so, they are taken.
    pub(super) fn keep(&self, bytes: u64) -> bool {
        take(&self.ahead, bytes).is_ok()
    }

    /// Whether a file may become so long. A length costs nothing to set, and much to whoever reads or copies the file.
    pub(super) fn length(&self, length: u64) -> Result<(), Refusal> {
        if length <= self.longest { Ok(()) } else { Err(exhausted()) }
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

    /// Takes one folder entry: one that is listed, or made.
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
