//! What a server saw.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counts of one server. They only grow, but for [`Seen::open`].
#[derive(Debug, Default)]
pub struct Seen {
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    resumed: AtomicUsize,
    sent: AtomicU64,
    received: AtomicU64,
    requests: Mutex<Vec<Vec<u8>>>,
}

impl Seen {
    /// Connections that were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Connections that are open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Most connections that were open at once.
    pub fn most_open(&self) -> usize {
        self.most_open.load(Ordering::SeqCst)
    }

    /// TLS handshakes that took up a session of an earlier one.
    pub fn resumed(&self) -> usize {
        self.resumed.load(Ordering::SeqCst)
    }

    /// Bytes that were written to connections, as far as the system took them.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// Bytes that came in.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::SeqCst)
    }

    /// The heads of all requests, raw, in the order in which they came: request line and headers, to the empty line.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The request lines alone.
    pub fn lines(&self) -> Vec<String> {
        let line = |head: &Vec<u8>| {
            let end = head.iter().position(|byte| *byte == b'\r').unwrap_or(head.len());
            String::from_utf8_lossy(head.get(..end).unwrap_or_default()).into_owned()
        };
        self.requests().iter().map(line).collect()
    }

    pub(crate) fn request(&self, head: &[u8]) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(head.to_vec());
    }

    pub(crate) fn accepted(&self) {
        self.connections.fetch_add(1, Ordering::SeqCst);
        let before = self.open.fetch_add(1, Ordering::SeqCst);
        self.most_open.fetch_max(before.saturating_add(1), Ordering::SeqCst);
    }

    pub(crate) fn took_up_a_session(&self) {
        self.resumed.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn closed(&self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }

    pub(crate) fn wrote(&self, bytes: usize) {
        self.sent.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    pub(crate) fn read(&self, bytes: usize) {
        self.received.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::SeqCst);
    }
}
