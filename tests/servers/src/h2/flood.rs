//! A server that greets, waits for a request, and floods.

use std::io;

use async_trait::async_trait;

use super::frame::{END_HEADERS, END_STREAM, Frame, REMEMBERED, STATUS_200, kind, literal, remembered};
use crate::{Behaviour, Connection};

/// What the client says first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What is sent once there is a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A whole answer with the body `ok`: nothing is wrong.
    Answer,
    /// Headers that never end, in CONTINUATION frames.
    Continuation,
    /// Empty CONTINUATION frames without end: nothing to count by bytes.
    EmptyContinuation,
    /// PING frames without end, whose answers nobody reads.
    Ping,
    /// SETTINGS frames without end, whose acknowledgements nobody reads.
    Settings,
    /// The end of the client's stream, over and over.
    Reset,
    /// One short header, remembered, and then named over and over: a small block that is a large list.
    HeaderBomb,
    /// Empty DATA frames without end.
    EmptyData,
    /// Informational answers without end.
    Informational,
    /// Requests that the server makes up, without end.
    Push,
    /// Room for more, without end, until its count overflows.
    WindowUpdate,
    /// The end of the connection at once, and the connection stays open.
    GoAway,
    /// A frame of a size that the client did not allow.
    OversizedFrame,
    /// A body for a stream that nobody opened.
    UnknownStream,
}

/// Serves HTTP/2 by raw frames: over TLS with [`with_protocol`](crate::certificates::with_protocol)`(…, b"h2")`.
#[derive(Clone, Copy, Debug)]
pub struct Flood(pub Act);

#[async_trait]
impl Behaviour for Flood {
    async fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        if connection.exactly(PREFACE.len()).await? != PREFACE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        send(connection, kind::SETTINGS, 0, 0, &[]).await?;
        loop {
            let stream = requested(connection).await?;
            self.answer(connection, stream).await?;
        }
    }
}

impl Flood {
    async fn answer(&self, connection: &mut Connection, stream: u32) -> io::Result<()> {
        let begin = |flags| Frame { kind: kind::HEADERS, flags, stream, payload: vec![STATUS_200] }.bytes();
        let frame = |kind, flags, stream, payload: &[u8]| {
            Frame { kind, flags, stream, payload: payload.to_vec() }.bytes().repeat(256)
        };
        let more = literal("x-more", "of the same").repeat(512);
        let (first, repeated) = match self.0 {
            Act::Answer => {
                let mut whole = begin(END_HEADERS);
                whole.extend(
                    Frame { kind: kind::DATA, flags: END_STREAM, stream, payload: b"ok".to_vec() }.bytes(),
                );
                return connection.send(&whole).await;
            }
            Act::Continuation => {
                let more = Frame { kind: kind::CONTINUATION, flags: 0, stream, payload: more };
                (begin(0), more.bytes())
            }
            Act::EmptyContinuation => (begin(0), frame(kind::CONTINUATION, 0, stream, &[])),
            Act::Ping => (Vec::new(), frame(kind::PING, 0, 0, &[0; 8])),
            // SETTINGS_MAX_CONCURRENT_STREAMS, back and forth.
            Act::Settings => (Vec::new(), frame(kind::SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 100])),
            Act::Reset => (Vec::new(), frame(kind::RST_STREAM, 0, stream, &[0, 0, 0, 8])),
            Act::HeaderBomb => {
                let mut block = vec![STATUS_200];
                block.extend(remembered());
                block.extend_from_slice(&[REMEMBERED; 12_000]);
                let whole = Frame { kind: kind::HEADERS, flags: END_HEADERS, stream, payload: block };
                connection.send(&whole.bytes()).await?;
                return connection.until_gone().await;
            }
            Act::EmptyData => (begin(END_HEADERS), frame(kind::DATA, 0, stream, &[])),
            // `:status: 103`.
            Act::Informational => {
                (Vec::new(), frame(kind::HEADERS, END_HEADERS, stream, &[0x08, 3, b'1', b'0', b'3']))
            }
            Act::Push => {
                (Vec::new(), frame(kind::PUSH_PROMISE, END_HEADERS, stream, &[0, 0, 0, 2, STATUS_200]))
            }
            Act::WindowUpdate => (Vec::new(), frame(kind::WINDOW_UPDATE, 0, 0, &[0x7f, 255, 255, 255])),
            Act::GoAway => {
                send(connection, kind::GOAWAY, 0, 0, &[0; 8]).await?;
                return connection.until_gone().await;
            }
            Act::OversizedFrame => {
                let whole = Frame { kind: kind::DATA, flags: 0, stream, payload: vec![0; 1 << 20] };
                connection.send(&begin(END_HEADERS)).await?;
                connection.send(&whole.bytes()).await?;
                return connection.until_gone().await;
            }
            Act::UnknownStream => (Vec::new(), frame(kind::DATA, 0, 0x7fff_fff1, &[0; 8])),
        };
        connection.send(&first).await?;
        loop {
            connection.send(&repeated).await?;
        }
    }
}

/// Reads frames until there is a request, acknowledges settings and pings on the way, and gives the request's stream.
async fn requested(connection: &mut Connection) -> io::Result<u32> {
    loop {
        let head = connection.exactly(9).await?;
        let [a, b, c, found, flags, s0, s1, s2, s3] = *head.as_slice() else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let length = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        let payload = connection.exactly(length).await?;
        match found {
            kind::HEADERS => {
                connection.note(b"HTTP/2 request\r\n");
                return Ok(u32::from_be_bytes([s0, s1, s2, s3]));
            }
            kind::SETTINGS if flags & 1 == 0 => send(connection, kind::SETTINGS, 1, 0, &[]).await?,
            kind::PING if flags & 1 == 0 => send(connection, kind::PING, 1, 0, &payload).await?,
            _ => {}
        }
    }
}

async fn send(
    connection: &mut Connection,
    kind: u8,
    flags: u8,
    stream: u32,
    payload: &[u8],
) -> io::Result<()> {
    connection.send(&Frame { kind, flags, stream, payload: payload.to_vec() }.bytes()).await
}
