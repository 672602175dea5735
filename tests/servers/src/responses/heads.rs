//! Heads.

use std::fmt::Write as _;

use super::complete;
use super::framing::Row;
use crate::{Script, Step};

/// An answer with so many headers of a few bytes each.
pub fn many_headers(count: usize) -> Script {
    let headers = (0..count).fold(String::new(), |mut headers, place| {
        let _ = write!(headers, "x-{place}: y\r\n");
        headers
    });
    Script::answer_and_close(complete("200 OK", &headers, "ok"))
}

/// An answer with one header of so many bytes.
pub fn long_header(bytes: usize) -> Script {
    let headers = format!("x-long: {}\r\n", "y".repeat(bytes));
    Script::answer_and_close(complete("200 OK", &headers, "ok"))
}

/// A head that never ends: headers for as long as the client reads.
pub fn endless_headers() -> Script {
    let line = b"x-more: of the same\r\n".repeat(512);
    Script::new([Step::Request, Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Repeat(line, None)])
}

/// One header line that never ends.
pub fn endless_header() -> Script {
    let begin = b"HTTP/1.1 200 OK\r\nx-long: ".to_vec();
    Script::new([Step::Request, Step::Send(begin), Step::Repeat(vec![b'y'; 64 << 10], None)])
}

/// Informational answers without end, and never the one that counts.
pub fn informational_flood() -> Script {
    let flood = b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n".repeat(256);
    Script::new([Step::Request, Step::Repeat(flood, None)])
}

/// A switch to another protocol that nobody asked for.
pub fn switching_protocols() -> Script {
    let head = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: raw\r\nconnection: upgrade\r\n\r\nraw".to_vec();
    Script::new([Step::Request, Step::Send(head), Step::Hang])
}

/// What is no head of an answer, or none that one should believe.
pub const BROKEN: &[Row] = &[
    ("nothing of HTTP", b"220 ready\r\n\r\n"),
    ("a status of two digits", b"HTTP/1.1 20 OK\r\ncontent-length: 2\r\n\r\nok"),
    ("a status of letters", b"HTTP/1.1 abc OK\r\ncontent-length: 2\r\n\r\nok"),
    ("an unknown version", b"HTTP/3.7 200 OK\r\ncontent-length: 2\r\n\r\nok"),
    ("a header without a name", b"HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 2\r\n\r\nok"),
    ("a space in a name", b"HTTP/1.1 200 OK\r\nx y: z\r\ncontent-length: 2\r\n\r\nok"),
    ("a zero byte in a value", b"HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 2\r\n\r\nok"),
    ("a zero byte in a name", b"HTTP/1.1 200 OK\r\nx\0: a\r\ncontent-length: 2\r\n\r\nok"),
];

/// A header whose value has bytes that are no text.
pub fn header_not_text() -> Script {
    Script::answer(b"HTTP/1.1 200 OK\r\nx-bytes: \xff\xfe\x80\r\ncontent-length: 2\r\n\r\nok".as_slice())
}
