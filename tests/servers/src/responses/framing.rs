//! Where a body ends: answers that two readers would cut in two places, and answers that nobody can read.

/// Something wrong with the framing, by its name.
pub type Row = (&'static str, &'static [u8]);

/// Answers that contradict themselves, or that readers cut differently. The second answer behind the first is what a reader
/// would take for the next one.
pub const SMUGGLED: &[Row] = &[
    (
        "two different lengths",
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 2\r\n\r\nokokHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled",
    ),
    (
        "a list of lengths",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2, 4\r\n\r\nokokHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled",
    ),
    (
        "length and chunks",
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled",
    ),
    (
        "more than the length",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled",
    ),
    (
        "a body where there is none",
        b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled",
    ),
    (
        "a folded header",
        b"HTTP/1.1 200 OK\r\nx: y\r\n content-length: 20\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled",
    ),
];

/// Chunks and lengths that cannot be read.
pub const BROKEN: &[Row] = &[
    ("no chunk size", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n"),
    ("a negative chunk size", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\nok\r\n0\r\n\r\n"),
    (
        "a chunk size of more than 64 bits",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000000000000000\r\nok\r\n0\r\n\r\n",
    ),
    (
        "a chunk size that wraps around",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nok",
    ),
    ("no end of a chunk", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokno\r\n0\r\n\r\n"),
    ("no last chunk", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n"),
    ("a negative length", b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\nok"),
    ("a length with a sign", b"HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nok"),
    ("a length in hexadecimal", b"HTTP/1.1 200 OK\r\ncontent-length: 0x2\r\n\r\nok"),
    ("a length of more than 64 bits", b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551616\r\n\r\nok"),
    ("an empty length", b"HTTP/1.1 200 OK\r\ncontent-length: \r\n\r\nok"),
];
