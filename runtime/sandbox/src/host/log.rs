//! stdout and stderr of a guest: whole lines, escaped, bounded, marked as the guest's text.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use portcullis_egress::Client;
use portcullis_policy::{EscapedText, Event, EventSink, GuestStream, Limits, ProviderName};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{OutputStream, StreamError, StreamResult};

/// Most bytes that one write may carry.
const WRITE: usize = 64 << 10;

/// The log of one call. Both streams share one allowance of lines.
pub(crate) struct GuestLog(Mutex<Inner>);

struct Inner {
    provider: ProviderName,
    events: Arc<dyn EventSink>,
    client: Option<Arc<Client>>,
    lines_left: u32,
    line_cap: usize,
    dropped: u64,
    partial: [Vec<u8>; 2],
}

impl GuestLog {
    /// `client` knows credentials that no line may hold.
    pub(crate) fn new(
        limits: &Limits,
        provider: ProviderName,
        events: Arc<dyn EventSink>,
        client: Option<Arc<Client>>,
    ) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Inner {
            provider,
            events,
            client,
            lines_left: limits.log_lines.value(),
            line_cap: limits.log_line.value().as_usize(),
            dropped: 0,
            partial: [Vec::new(), Vec::new()],
        })))
    }

    /// The stream that the guest sees.
    pub(crate) fn stream(self: &Arc<Self>, stream: GuestStream) -> LogStream {
        LogStream { log: Arc::clone(self), stream }
    }

    /// Gives out what was begun and not ended, and says how much was dropped.
    pub(crate) fn finish(&self) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in [GuestStream::Stdout, GuestStream::Stderr] {
            if !inner.partial(stream).is_empty() {
                inner.end_line(stream);
            }
        }
        if inner.dropped > 0 {
            let event = Event::GuestLogDropped { provider: inner.provider.clone(), lines: inner.dropped };
            inner.events.record(&event);
        }
    }
}

impl Inner {
    fn partial(&mut self, stream: GuestStream) -> &mut Vec<u8> {
        let [stdout, stderr] = &mut self.partial;
        match stream {
            GuestStream::Stdout => stdout,
            GuestStream::Stderr => stderr,
        }
    }

    fn write(&mut self, stream: GuestStream, bytes: &[u8]) {
        if self.lines_left == 0 {
            return self.count(stream, bytes);
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ended) = match piece.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (piece, false),
            };
            // One byte more than fits marks the line as cut; the rest is not kept.
            let room = (self.line_cap.saturating_add(1)).saturating_sub(self.partial(stream).len());
            self.partial(stream).extend(text.iter().take(room));
            if ended {
                self.end_line(stream);
            }
        }
    }

    /// What nobody will read is counted in one go.
    fn count(&mut self, stream: GuestStream, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        let ended = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.dropped = self.dropped.saturating_add(ended as u64);
        // That a line was begun has to be known at the end; what is in it has not.
        self.partial(stream).clear();
        if *last != b'\n' {
            self.partial(stream).push(*last);
        }
    }

    fn end_line(&mut self, stream: GuestStream) {
        let mut line = std::mem::take(self.partial(stream));
        let Some(left) = self.lines_left.checked_sub(1) else {
            self.dropped = self.dropped.saturating_add(1);
            return;
        };
        self.lines_left = left;
        if let Some(client) = &self.client {
            client.scrub(&mut line);
        }
        let line = EscapedText::from_bytes(&line, self.line_cap);
        let event = Event::GuestLog { provider: self.provider.clone(), stream, line };
        self.events.record(&event);
    }
}

/// One of the two streams.
pub(crate) struct LogStream {
    log: Arc<GuestLog>,
    stream: GuestStream,
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(LogWriter { log: Arc::clone(&self.log), stream: self.stream })
    }

    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        // Only WASI 0.3 asks for this form, and 0.3 is not linked.
        Box::new(tokio::io::sink())
    }
}

struct LogWriter {
    log: Arc<GuestLog>,
    stream: GuestStream,
}

#[wasmtime_wasi::async_trait]
impl Pollable for LogWriter {
    async fn ready(&mut self) {}
}

impl OutputStream for LogWriter {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if bytes.len() > WRITE {
            return Err(StreamError::trap("wrote more than check-write allowed"));
        }
        let mut inner = self.log.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.write(self.stream, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE)
    }
}

#[cfg(test)]
mod tests {
    use portcullis_policy::{Grants, LimitOrigin, Policy, Profile};

    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<String>>);

    impl EventSink for Kept {
        fn record(&self, event: &Event) {
            self.0.lock().unwrap().push(match event {
                Event::GuestLog { stream, line, .. } => format!("{}: {line}", stream.as_str()),
                Event::GuestLogDropped { lines, .. } => format!("dropped {lines}"),
                other => panic!("{other:?}"),
            });
        }
    }

    #[test]
    fn lines_are_whole_escaped_and_bounded() {
        let mut grants = Grants::default();
        grants.limits.set("log_lines", "4", LimitOrigin::File).unwrap();
        let name = ProviderName::new("test").unwrap();
        let policy = Policy::compile(name.clone(), Profile::Custom, grants, None).unwrap();
        let kept = Arc::new(Kept::default());
        let log = GuestLog::new(policy.limits(), name, Arc::clone(&kept) as Arc<dyn EventSink>, None);
        let mut stderr = log.stream(GuestStream::Stderr).p2_stream();
        let mut stdout = log.stream(GuestStream::Stdout).p2_stream();

        stderr.write(Bytes::from_static(b"in two ")).unwrap();
        stdout.write(Bytes::from_static(b"between\n")).unwrap();
        stderr.write(Bytes::from_static(b"parts\n\x1b[31mred\xff\n")).unwrap();
        stderr.write(Bytes::from("x".repeat(WRITE))).unwrap();
        stderr.write(Bytes::from("x".repeat(WRITE))).unwrap();
        assert!(stderr.write(Bytes::from("x".repeat(WRITE + 1))).is_err());
        stderr.write(Bytes::from_static(b"\nfifth\nsixth")).unwrap();
        stderr.write(Bytes::from_static(b" goes on\n\n")).unwrap();
        stderr.write(Bytes::from_static(b"")).unwrap();
        stderr.write(Bytes::from_static(b"eighth")).unwrap();
        log.finish();

        let lines = kept.0.lock().unwrap();
        let cut = format!("stderr: {}…", "x".repeat(1024));
        let expected =
            ["stdout: between", "stderr: in two parts", r"stderr: \u{1b}[31mred\xff", &cut, "dropped 4"];
        assert_eq!(*lines, expected);
    }
}
