//! Frames (RFC 9113, section 4) and header blocks without compression (RFC 7541).

/// Kinds of frames.
pub(super) mod kind {
    /// Body.
    pub(crate) const DATA: u8 = 0;
    /// Headers.
    pub(crate) const HEADERS: u8 = 1;
    /// The end of one stream.
    pub(crate) const RST_STREAM: u8 = 3;
    /// Settings.
    pub(crate) const SETTINGS: u8 = 4;
    /// A request that the server makes up.
    pub(crate) const PUSH_PROMISE: u8 = 5;
    /// Are you there?
    pub(crate) const PING: u8 = 6;
    /// The end of the connection.
    pub(crate) const GOAWAY: u8 = 7;
    /// Room for more.
    pub(crate) const WINDOW_UPDATE: u8 = 8;
    /// More headers.
    pub(crate) const CONTINUATION: u8 = 9;
}

/// The flag that ends a header block.
pub(super) const END_HEADERS: u8 = 4;
/// The flag that ends a stream, and the one that acknowledges.
pub(super) const END_STREAM: u8 = 1;

/// One frame, whatever sense it makes.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// One of [`kind`].
    pub(super) kind: u8,
    /// Flags of that kind.
    pub(super) flags: u8,
    /// The stream; 0 for the connection.
    pub(super) stream: u32,
    /// What it carries, of less than 2^24 bytes.
    pub(super) payload: Vec<u8>,
}

impl Frame {
    /// As it goes over the wire.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut bytes: Vec<u8> = length.iter().skip(1).copied().collect();
        bytes.extend_from_slice(&[self.kind, self.flags]);
        bytes.extend_from_slice(&self.stream.to_be_bytes());
        bytes.extend_from_slice(&self.payload);
        bytes
    }
}

/// `:status: 200`, from the static table.
pub(super) const STATUS_200: u8 = 0x88;

/// A header that stands for itself and is not remembered. Names and values of fewer than 127 bytes.
pub(super) fn literal(name: &str, value: &str) -> Vec<u8> {
    let mut block = vec![0];
    for text in [name, value] {
        block.push(u8::try_from(text.len()).unwrap_or(0).min(126));
        block.extend(text.bytes().take(126));
    }
    block
}

/// A header that is remembered as entry 62, with a value of 3,800 bytes: what the default table just holds.
pub(super) fn remembered() -> Vec<u8> {
    const LENGTH: usize = 3_800;
    let mut block = vec![0x40, 1, b'x', 0x7f];
    // 127 and the rest, seven bits a byte, the lowest first.
    let mut rest = LENGTH.saturating_sub(127);
    while rest >= 128 {
        block.push(u8::try_from(rest % 128).unwrap_or(0) | 0x80);
        rest /= 128;
    }
    block.push(u8::try_from(rest).unwrap_or(0));
    block.extend_from_slice(&[b'y'; LENGTH]);
    block
}

/// Entry 62 again: one byte for all of it.
pub(super) const REMEMBERED: u8 = 0x80 | 62;
