//! `wasi:http` as an attacker takes it: nothing is checked before the host sees it, and all that comes back is told.
//!
//! Fields of a struct stand in the order in which they are dropped: the host frees a resource only after those made of it.

pub use portcullis_guest::bindings::wasi::http::outgoing_handler::handle;
pub use portcullis_guest::bindings::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, HeaderError, IncomingBody, IncomingResponse, Method,
    OutgoingBody, OutgoingRequest, RequestOptions, Scheme, http_error_code,
};
use portcullis_guest::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};

use crate::request::{Body, Request};

/// A request in the hands of the host.
#[derive(Debug)]
pub struct Sent {
    /// A body that is not ended, with its stream.
    pub open: Option<(OutputStream, OutgoingBody)>,
    /// Its answer.
    pub future: FutureIncomingResponse,
    /// What became of the body.
    pub wrote: Wrote,
}

/// What became of a body that was sent.
#[derive(Clone, Debug, Default)]
pub struct Wrote {
    /// Bytes that the host took.
    pub bytes: u64,
    /// Why it took no more, or why it did not take the end.
    pub refused: Option<String>,
}

/// An answer's head, and its body, not yet read.
#[derive(Debug)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// What gives the body.
    pub response: IncomingResponse,
}

/// A body as far as it was read.
#[derive(Debug)]
pub struct Read {
    /// The first bytes.
    pub first: Vec<u8>,
    /// How many there were.
    pub length: u64,
    /// `closed` at its end, `more` where no more was read, or the code of an error.
    pub end: String,
}

/// Of a body so much is told.
const SHOWN: usize = 8 << 10;

/// A code as a test compares it: `HttpRequestDenied`, `HttpResponseBodySize(Some(1))`.
pub fn name(code: &ErrorCode) -> String {
    format!("{code:?}").replace("ErrorCode::", "")
}

/// Why a header is not taken, as WIT spells it.
pub const fn header_error(error: &HeaderError) -> &'static str {
    match error {
        HeaderError::InvalidSyntax => "invalid-syntax",
        HeaderError::Forbidden => "forbidden",
        HeaderError::Immutable => "immutable",
    }
}

/// Makes a request of its parts.
///
/// # Errors
///
/// The name of the part that the host refuses.
pub fn build(request: &Request) -> Result<OutgoingRequest, String> {
    let refused = |part: &'static str| move |()| part.to_owned();
    let outgoing = OutgoingRequest::new(fields(&request.headers)?);
    outgoing.set_method(&method(&request.method)).map_err(refused("method"))?;
    let scheme = request.scheme.as_ref().map(|text| match text.as_str() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_owned()),
    });
    outgoing.set_scheme(scheme.as_ref()).map_err(refused("scheme"))?;
    outgoing.set_authority(request.authority.as_deref()).map_err(refused("authority"))?;
    outgoing.set_path_with_query(request.path.as_deref()).map_err(refused("path"))?;
    Ok(outgoing)
}

/// Headers or trailers of these pairs.
///
/// # Errors
///
/// The name of the header that the host refuses, and why.
pub fn fields(pairs: &[(String, String)]) -> Result<Fields, String> {
    let fields = Fields::new();
    for (name, value) in pairs {
        fields
            .append(name, value.as_bytes())
            .map_err(|error| format!("header {name:?}: {}", header_error(&error)))?;
    }
    Ok(fields)
}

/// Sends a request, and as much of its body as the host takes.
///
/// # Errors
///
/// What was refused, or the code with which the host answers at once.
pub fn send(request: &Request) -> Result<Sent, String> {
    let outgoing = build(request)?;
    let options = options(&request.timeouts)?;
    let body = match request.body {
        Body::None if request.trailers.is_empty() => None,
        _ => Some(outgoing.body().map_err(|()| "body".to_owned())?),
    };
    let future = handle(outgoing, options).map_err(|code| name(&code))?;
    let mut sent = Sent { open: None, future, wrote: Wrote::default() };
    if let Some(body) = body {
        let stream = body.write().map_err(|()| "stream".to_owned())?;
        let written = write(&stream, &request.body, &mut sent.wrote.bytes);
        sent.wrote.refused = written.err().map(|error| stream_error(&error));
        if request.unfinished {
            sent.open = Some((stream, body));
        } else {
            drop(stream);
            let trailers = if request.trailers.is_empty() { None } else { Some(fields(&request.trailers)?) };
            if let Err(code) = OutgoingBody::finish(body, trailers) {
                sent.wrote.refused.get_or_insert(name(&code));
            }
        }
    }
    Ok(sent)
}

fn write(stream: &OutputStream, body: &Body, written: &mut u64) -> Result<(), StreamError> {
    const PIECE: usize = 4096;
    match body {
        Body::None => {}
        Body::Text(text) => {
            for piece in text.as_bytes().chunks(PIECE) {
                stream.blocking_write_and_flush(piece)?;
                *written += piece.len() as u64;
            }
        }
        Body::Zeroes(count) => {
            let zeroes = vec![0; 64 << 10];
            while *written < *count {
                let room = stream.check_write()?;
                let most = (*count - *written).min(room).min(zeroes.len() as u64);
                if room == 0 {
                    stream.subscribe().block();
                    continue;
                }
                let piece = usize::try_from(most).unwrap_or(0);
                stream.write(zeroes.get(..piece).unwrap_or_default())?;
                *written += most;
            }
        }
    }
    Ok(())
}

/// Waits for the head of the answer.
///
/// # Errors
///
/// The code of the error that comes in its place.
pub fn head(future: &FutureIncomingResponse) -> Result<Head, String> {
    future.subscribe().block();
    match future.get() {
        Some(Ok(Ok(response))) => {
            Ok(Head { status: response.status(), headers: response.headers().entries(), response })
        }
        Some(Ok(Err(code))) => Err(name(&code)),
        Some(Err(())) => Err("taken".to_owned()),
        None => Err("not ready".to_owned()),
    }
}

/// Reads a body, at most so many bytes of it.
pub fn read(response: &IncomingResponse, most: u64) -> Read {
    let mut read = Read { first: Vec::new(), length: 0, end: "more".to_owned() };
    let Ok(body) = response.consume() else { return Read { end: "taken".to_owned(), ..read } };
    let Ok(stream) = body.stream() else { return Read { end: "taken".to_owned(), ..read } };
    while read.length < most {
        match stream.blocking_read((most - read.length).min(64 << 10)) {
            Ok(bytes) => {
                read.length += bytes.len() as u64;
                let room = SHOWN.saturating_sub(read.first.len()).min(bytes.len());
                read.first.extend_from_slice(bytes.get(..room).unwrap_or_default());
            }
            Err(error) => {
                read.end = stream_error(&error);
                break;
            }
        }
    }
    drop::<InputStream>(stream);
    drop::<IncomingBody>(body);
    read
}

fn stream_error(error: &StreamError) -> String {
    match error {
        StreamError::Closed => "closed".to_owned(),
        StreamError::LastOperationFailed(error) => {
            // Where the host keeps no code, its own words are told: they must not say more than a code would.
            http_error_code(error)
                .map_or_else(|| format!("failed: {}", error.to_debug_string()), |code| name(&code))
        }
    }
}

fn options(timeouts: &[Option<u64>]) -> Result<Option<RequestOptions>, String> {
    if timeouts.is_empty() {
        return Ok(None);
    }
    let options = RequestOptions::new();
    let mut timeouts = timeouts.iter().copied().flatten();
    let refused = |()| "option".to_owned();
    options.set_connect_timeout(timeouts.next()).map_err(refused)?;
    options.set_first_byte_timeout(timeouts.next()).map_err(refused)?;
    options.set_between_bytes_timeout(timeouts.next()).map_err(refused)?;
    Ok(Some(options))
}

fn method(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        "CONNECT" => Method::Connect,
        "OPTIONS" => Method::Options,
        "TRACE" => Method::Trace,
        "PATCH" => Method::Patch,
        other => Method::Other(other.to_owned()),
    }
}
