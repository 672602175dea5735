//! One connection, as raw bytes.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::Seen;

/// Longest head, and most of a body that is kept, in bytes.
const KEPT: usize = 256 << 10;

/// The client's end is gone, or a head is too long.
fn gone() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

/// A stream with the socket below it.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {
    fn socket(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// One connection.
pub struct Connection {
    wire: Box<dyn Wire>,
    seen: Arc<Seen>,
    /// What was read and not used.
    ahead: Vec<u8>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Request line and headers, with the empty line.
    pub head: Vec<u8>,
    /// The body without its framing, as much of it as is kept.
    pub body: Vec<u8>,
}

impl Received {
    /// The target of the request line.
    pub fn target(&self) -> String {
        let head = String::from_utf8_lossy(&self.head);
        head.split(' ').nth(1).unwrap_or_default().to_owned()
    }

    /// Names and values of the headers.
    pub fn headers(&self) -> Vec<(String, String)> {
        let head = String::from_utf8_lossy(&self.head);
        let pair =
            |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        head.split("\r\n").skip(1).filter_map(pair).collect()
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers().into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Connection {
    pub(crate) fn new(wire: Box<dyn Wire>, seen: Arc<Seen>) -> Self {
        Self { wire, seen, ahead: Vec::new() }
    }

    /// Writes all of it.
    ///
    /// # Errors
    ///
    /// Where the client is gone.
    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.chunks(64 << 10) {
            self.wire.write_all(piece).await?;
            self.seen.wrote(piece.len());
        }
        self.wire.flush().await
    }

    /// Reads a whole request of HTTP/1. Nothing where the client closed the connection before one began.
    ///
    /// # Errors
    ///
    /// Where the client is gone in the middle of it.
    pub async fn request(&mut self) -> io::Result<Option<Received>> {
        let end = loop {
            if let Some(end) = find(&self.ahead, b"\r\n\r\n") {
                break end;
            }
            if self.ahead.len() > KEPT {
                return Err(gone());
            }
            if !self.more().await? {
                return if self.ahead.is_empty() { Ok(None) } else { Err(gone()) };
            }
        };
        let head: Vec<u8> = self.ahead.drain(..end).collect();
        self.seen.request(&head);
        let mut received = Received { head, body: Vec::new() };
        let length = received.header("content-length").and_then(|text| text.parse::<u64>().ok());
        if received.header("transfer-encoding").is_some() {
            self.chunks(&mut received.body).await?;
        } else if let Some(length) = length {
            self.bytes(length, &mut received.body).await?;
        }
        Ok(Some(received))
    }

    /// Counts a request that was read in another way.
    pub fn note(&self, head: &[u8]) {
        self.seen.request(head);
    }

    /// Takes exactly so many bytes, whatever they are.
    ///
    /// # Errors
    ///
    /// Where the client is gone before.
    pub async fn exactly(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.ahead.len() < count {
            if !self.more().await? {
                return Err(gone());
            }
        }
        Ok(self.ahead.drain(..count).collect())
    }

    /// Reads and forgets until the client closes the connection.
    ///
    /// # Errors
    ///
    /// Where the connection breaks.
    pub async fn until_gone(&mut self) -> io::Result<()> {
        loop {
            self.ahead.clear();
            if !self.more().await? {
                return Ok(());
            }
        }
    }

    /// Closes the connection so that the client sees a reset.
    ///
    /// # Errors
    ///
    /// Where the socket does not take the option.
    pub fn reset(&self) -> io::Result<()> {
        self.wire.socket().set_zero_linger()
    }

    async fn more(&mut self) -> io::Result<bool> {
        let mut piece = [0; 16 << 10];
        let count = self.wire.read(&mut piece).await?;
        self.seen.read(count);
        self.ahead.extend_from_slice(piece.get(..count).unwrap_or_default());
        Ok(count > 0)
    }

    async fn bytes(&mut self, mut left: u64, body: &mut Vec<u8>) -> io::Result<()> {
        while left > 0 {
            if self.ahead.is_empty() && !self.more().await? {
                return Err(gone());
            }
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(self.ahead.len());
            let piece: Vec<u8> = self.ahead.drain(..count).collect();
            left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
            let room = KEPT.saturating_sub(body.len()).min(piece.len());
            body.extend_from_slice(piece.get(..room).unwrap_or_default());
        }
        Ok(())
    }

    async fn chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let line = self.line().await?;
            let size = line.split(';').next().unwrap_or_default().trim().to_owned();
            let size = u64::from_str_radix(&size, 16).map_err(|_| gone())?;
            if size == 0 {
                // Trailers, to the empty line.
                while !self.line().await?.is_empty() {}
                return Ok(());
            }
            self.bytes(size, body).await?;
            self.line().await?;
        }
    }

    async fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = find(&self.ahead, b"\r\n") {
                let line: Vec<u8> = self.ahead.drain(..end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.ahead.len() > KEPT || !self.more().await? {
                return Err(gone());
            }
        }
    }
}

/// Where the pattern ends.
fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
        .map(|start| start.saturating_add(pattern.len()))
}
