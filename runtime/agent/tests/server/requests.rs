//! What comes back, on the wire.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use portcullis_agent::server::Peers;

use crate::Running;

/// What is sent, how the answer begins, and what else it has.
const ROWS: &[(&str, &str, &str)] = &[
    (
        "GET /a?key=b%20c HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "GET /a Some(\"b c\")",
    ),
    ("GET /a HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n", "GET /a None"),
    (
        "GET /error HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n",
        "{\"error\":\"a \\\"problem\\\"\\u000a\\u003chere\\u003e\"}\n",
    ),
    // Nonsense is told so where HTTP has words for it, and the connection ends.
    ("NONSENSE\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", ""),
    (
        "GET /a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
        "",
    ),
    ("\u{0}\u{1}\u{2}\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", ""),
];

#[tokio::test]
async fn a_request_is_answered_and_nonsense_is_refused() {
    let running = Running::start(Peers::own());
    for (sent, begins, has) in ROWS {
        let mut stream = UnixStream::connect(running.path()).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(begins) && answer.ends_with(has), "{sent:?}: {answer:?}");
    }
    for (bytes, status) in [(64 << 10, "HTTP/1.1 431 ")] {
        let mut stream = UnixStream::connect(running.path()).await.unwrap();
        let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(bytes));
        // It may be closed before all of it is written.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with(status), "{answer}");
    }
    running.stop().await;
}
