//! Lines for the operator. The host bounds them, escapes them and marks them as the guest's. Never log a secret.

use crate::bindings::wasi::cli::stderr;

/// What one write to a WASI stream may carry.
const WRITE_LIMIT: usize = 4096;

/// Writes one line to the log. A host that takes no more is ignored: a lost line must not cost a batch.
pub fn line(text: &str) {
    let stream = stderr::get_stderr();
    let mut bytes = Vec::with_capacity(text.len() + 1);
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b'\n');
    for chunk in bytes.chunks(WRITE_LIMIT) {
        if stream.blocking_write_and_flush(chunk).is_err() {
            return;
        }
    }
}
