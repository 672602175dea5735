//! What happens before there is a request.

use crate::{Script, Step};

/// Accepts connections and says nothing, ever: a TLS handshake that does not end.
pub fn silent() -> Script {
    Script::new([Step::Hang])
}

/// Begins a TLS handshake with a piece of a record, and says no more.
pub fn half() -> Script {
    // A handshake record of 512 bytes, of which 4 come.
    Script::new([Step::Send(vec![22, 3, 3, 2, 0, 2, 0, 1, 252]), Step::Hang])
}

/// Answers every hello with TLS 1.1, and no other.
pub fn only_tls_1_1() -> Script {
    let mut hello = vec![3, 2];
    hello.extend_from_slice(&[7; 32]);
    // No session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    hello.extend_from_slice(&[0, 0, 47, 0]);
    let length = u8::try_from(hello.len()).unwrap_or(u8::MAX);
    let mut record = vec![22, 3, 2, 0, length.saturating_add(4), 2, 0, 0, length];
    record.extend_from_slice(&hello);
    Script::new([Step::Send(record), Step::Hang])
}

/// Refuses every hello for its version, as a server does that knows nothing newer than TLS 1.1.
pub fn protocol_version_alert() -> Script {
    Script::new([Step::Send(vec![21, 3, 2, 0, 2, 2, 70]), Step::Close])
}

/// Speaks HTTP where TLS is expected.
pub fn no_tls() -> Script {
    Script::new([Step::Send(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_vec()), Step::Close])
}

/// Closes every connection at once.
pub fn closed() -> Script {
    Script::new([Step::Close])
}

/// Breaks every connection off at once.
pub fn reset() -> Script {
    Script::new([Step::Reset])
}
