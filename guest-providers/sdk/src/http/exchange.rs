//! One request on its way through `wasi:http`: sent, answered, read. Nothing here waits.
//!
//! The host frees a resource only after those that were made of it. So fields stand in the order in which they are dropped.

use super::Request;
use super::fault::Fault;
use super::response::Response;
use super::rules::Outcome;
use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{
    Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, Method, OutgoingBody, OutgoingRequest,
    Scheme, http_error_code,
};
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};

/// Most that is asked for in one read.
const CHUNK: u64 = 64 << 10;

/// A request on its way.
pub(super) struct Exchange {
    sending: Option<Sending>,
    answer: Answer,
    limit: usize,
}

/// A body that is not sent to its end.
struct Sending {
    stream: OutputStream,
    body: OutgoingBody,
    bytes: Vec<u8>,
    sent: usize,
}

enum Answer {
    Awaited(FutureIncomingResponse),
    Reading(Reading),
}

/// A body that is not read to its end.
struct Reading {
    stream: InputStream,
    /// The stream is its child: it is dropped after it.
    _body: IncomingBody,
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    bytes: Vec<u8>,
}

impl Exchange {
    /// Hands the request to the host.
    pub(super) fn start(request: &Request, limit: usize) -> Result<Self, Fault> {
        let (outgoing, body) = outgoing(request)?;
        let future = outgoing_handler::handle(outgoing, None)?;
        let sending = match (body, request.body.clone()) {
            (Some(body), Some(bytes)) => {
                let stream = body.write().map_err(|()| Fault::Refused("body"))?;
                Some(Sending { stream, body, bytes, sent: 0 })
            }
            _ => None,
        };
        Ok(Self { sending, answer: Answer::Awaited(future), limit })
    }

    /// Goes as far as the host lets it without waiting. Gives the outcome when there is one; not to be called after that.
    pub(super) fn advance(&mut self) -> Option<Outcome> {
        self.send();
        if let Answer::Awaited(future) = &self.answer {
            match future.get()? {
                Ok(Ok(response)) => match Reading::of(&response) {
                    Ok(reading) => self.answer = Answer::Reading(reading),
                    Err(fault) => return Some(Err(fault)),
                },
                Ok(Err(code)) => return Some(Err(code.into())),
                Err(()) => return Some(Err(Fault::Broken("the host gives no answer twice"))),
            }
        }
        let Answer::Reading(reading) = &mut self.answer else { return None };
        reading.read(self.limit)
    }

    /// What to wait for until [`Exchange::advance`] can do more. A server may answer before it has read the body.
    pub(super) fn subscribe(&self) -> impl Iterator<Item = Pollable> {
        let answer = match &self.answer {
            Answer::Awaited(future) => future.subscribe(),
            Answer::Reading(reading) => reading.stream.subscribe(),
        };
        let sending = self.sending.as_ref().map(|sending| sending.stream.subscribe());
        sending.into_iter().chain([answer])
    }

    /// Writes what the host takes. Where it takes no more, the answer says why.
    fn send(&mut self) {
        let Some(sending) = &mut self.sending else { return };
        match sending.write() {
            Ok(false) => {}
            Ok(true) => {
                if let Some(Sending { stream, body, .. }) = self.sending.take() {
                    drop(stream);
                    // An error here is the request's, and its answer has it.
                    let _ = OutgoingBody::finish(body, None);
                }
            }
            Err(_) => self.sending = None,
        }
    }
}

impl Sending {
    /// Whether all is written.
    fn write(&mut self) -> Result<bool, StreamError> {
        loop {
            let room = usize::try_from(self.stream.check_write()?).unwrap_or(usize::MAX);
            let rest = self.bytes.get(self.sent..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(true);
            }
            if room == 0 {
                return Ok(false);
            }
            let chunk = rest.get(..room.min(rest.len())).unwrap_or_default();
            self.stream.write(chunk)?;
            self.sent = self.sent.saturating_add(chunk.len());
        }
    }
}

impl Reading {
    fn of(response: &IncomingResponse) -> Result<Self, Fault> {
        let lost = |()| Fault::Broken("the host gives no body");
        let (status, headers) = (response.status(), response.headers().entries());
        let body = response.consume().map_err(lost)?;
        let stream = body.stream().map_err(lost)?;
        Ok(Self { stream, _body: body, status, headers, bytes: Vec::new() })
    }

    /// Reads what is there. Gives the outcome at the end of the body.
    fn read(&mut self, limit: usize) -> Option<Outcome> {
        loop {
            match self.stream.read(CHUNK) {
                Ok(bytes) if bytes.is_empty() => return None,
                Ok(bytes) => {
                    if bytes.len() > limit.saturating_sub(self.bytes.len()) {
                        return Some(Err(Fault::TooLarge(u64::try_from(limit).ok())));
                    }
                    self.bytes.extend_from_slice(&bytes);
                }
                Err(StreamError::Closed) => {
                    return Some(Ok(Response {
                        request: String::new(),
                        attempts: 0,
                        status: self.status,
                        headers: std::mem::take(&mut self.headers),
                        body: std::mem::take(&mut self.bytes),
                    }));
                }
                Err(StreamError::LastOperationFailed(error)) => {
                    let fault = http_error_code(&error).map(Fault::from);
                    return Some(Err(fault.unwrap_or(Fault::Connection("the connection broke"))));
                }
            }
        }
    }
}

/// The request as the interface has it, and its body, where it has one.
fn outgoing(request: &Request) -> Result<(OutgoingRequest, Option<OutgoingBody>), Fault> {
    let target = request.target().map_err(Fault::Url)?;
    let headers = Fields::new();
    for (name, value) in &request.headers {
        headers.append(name, value).map_err(|error| Fault::header(name, error))?;
    }
    if let Some(body) = &request.body {
        let length = body.len().to_string().into_bytes();
        headers.set("content-length", &[length]).map_err(|error| Fault::header("content-length", error))?;
    }
    let outgoing = OutgoingRequest::new(headers);
    let scheme = if target.tls { Scheme::Https } else { Scheme::Http };
    outgoing.set_method(&method(&request.method)).map_err(|()| Fault::Refused("method"))?;
    outgoing.set_scheme(Some(&scheme)).map_err(|()| Fault::Refused("scheme"))?;
    outgoing.set_authority(Some(target.authority)).map_err(|()| Fault::Refused("host"))?;
    outgoing.set_path_with_query(Some(target.path)).map_err(|()| Fault::Refused("path"))?;
    let body = match &request.body {
        Some(_) => Some(outgoing.body().map_err(|()| Fault::Refused("body"))?),
        None => None,
    };
    Ok((outgoing, body))
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
