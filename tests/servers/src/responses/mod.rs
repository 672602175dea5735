//! Answers of HTTP/1.1, as raw bytes.
//!
//! * [`bodies`]: too long, too slow, broken off, compressed.
//! * [`framing`]: where a body ends: wrong, doubled, contradicting lengths and chunks.
//! * [`heads`]: too many headers, too long ones, floods of informational answers, what is no head.
//! * [`redirects`]: those that lead elsewhere.
//! * [`statuses`]: failures that pass.

pub mod bodies;
pub mod framing;
pub mod heads;
pub mod redirects;
pub mod statuses;

/// An answer with a body that is all there.
pub fn complete(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
