//! Bodies.

use crate::{Script, Step};

/// Answers, sends one byte of ten, and waits.
pub fn drip() -> Script {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx".to_vec();
    Script::new([Step::Request, Step::Send(head), Step::Hang])
}

/// Takes the request and never answers.
pub fn no_answer() -> Script {
    Script::new([Step::Request, Step::Hang])
}

/// Sends half of a head, and waits.
pub fn half_a_head() -> Script {
    Script::new([Step::Request, Step::Send(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()), Step::Hang])
}

/// A body that does not end, in chunks.
pub fn endless() -> Script {
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend_from_slice(&[b'x'; 64 << 10]);
    chunk.extend_from_slice(b"\r\n");
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    Script::new([Step::Request, Step::Send(head), Step::Repeat(chunk, None)])
}

/// A body of so many bytes, whose length is told.
pub fn long(bytes: u64) -> Script {
    const PIECE: u64 = 64 << 10;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n").into_bytes();
    let rest = usize::try_from(bytes % PIECE).unwrap_or(0);
    Script::new([
        Step::Request,
        Step::Send(head),
        Step::Repeat(vec![b'x'; 64 << 10], Some(bytes / PIECE)),
        Step::Send(vec![b'x'; rest]),
    ])
}

/// Chunks of no more than a byte, without end: much work for little.
pub fn endless_small_chunks() -> Script {
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    Script::new([Step::Request, Step::Send(head), Step::Repeat(b"1\r\nx\r\n".repeat(4096), None)])
}

/// Breaks the connection off in the middle of a body.
pub fn reset_in_the_middle() -> Script {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    Script::new([Step::Request, Step::Send(head), Step::Reset])
}

/// Closes the connection in the middle of a body.
pub fn closed_in_the_middle() -> Script {
    Script::answer_and_close("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
}

/// A compressed body: 16 gzip members of less than 7 KiB, each of which unpacks to a mebibyte of zeroes.
pub fn gzip_bomb() -> Script {
    let body = bomb();
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len())
            .into_bytes();
    answer.extend_from_slice(&body);
    Script::answer(answer)
}

/// The compressed body of [`gzip_bomb`].
pub fn bomb() -> Vec<u8> {
    // One block with fixed codes: one zero, and matches of 258 bytes at distance 1.
    let mut bits = Bits::default();
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    bits.push_code(0b0011_0000, 8);
    for _ in 0..4_064 {
        // Length 258 is code 285, without extra bits; distance 1 is code 0.
        bits.push_code(0b1100_0101, 8);
        bits.push_code(0, 5);
    }
    bits.push_code(0, 7);
    let length: u32 = 1 + 4_064 * 258;
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    member.extend_from_slice(&bits.bytes);
    // The CRC-32 of so many zeroes.
    member.extend_from_slice(&0x3d73_518d_u32.to_le_bytes());
    member.extend_from_slice(&length.to_le_bytes());
    member.repeat(16)
}

/// Bits of a DEFLATE stream: the first is the lowest of a byte.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for place in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(value >> place & 1 == 1) << (self.used % 8);
            }
            self.used = self.used.wrapping_add(1);
        }
    }

    /// A Huffman code has its highest bit first.
    fn push_code(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.push(value >> place & 1, 1);
        }
    }
}
