//! Files as streams: what guests built with a C library read and write through.

use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

use super::Refusal;
use super::budget::Budget;
use super::descriptor::OpenFile;
use super::system;

/// Most bytes that one step of a stream moves.
const CHUNK: usize = 64 << 10;

/// Reads a file from a position on.
pub(super) struct FileReader {
    file: Arc<OpenFile>,
    budget: Arc<Budget>,
    position: u64,
    ahead: Option<StreamResult<Bytes>>,
}

impl FileReader {
    pub(super) fn new(file: Arc<OpenFile>, budget: Arc<Budget>, position: u64) -> Self {
        Self { file, budget, position, ahead: None }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileReader {
    async fn ready(&mut self) {
        if self.ahead.is_some() {
            return;
        }
        let (file, budget, position) = (Arc::clone(&self.file), Arc::clone(&self.budget), self.position);
        let read = tokio::task::spawn_blocking(move || read(&file, &budget, CHUNK as u64, position)).await;
        self.ahead = Some(match read {
            Ok(Ok(bytes)) if bytes.is_empty() => Err(StreamError::Closed),
            Ok(Ok(bytes)) => {
                self.position = self.position.saturating_add(bytes.len() as u64);
                Ok(bytes.into())
            }
            Ok(Err(refusal)) => Err(failed(refusal)),
            Err(_) => Err(StreamError::Closed),
        });
    }
}

#[wasmtime_wasi::async_trait]
impl InputStream for FileReader {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        match self.ahead.take() {
            None => Ok(Bytes::new()),
            Some(Ok(mut bytes)) => {
                let part = bytes.split_to(size.min(bytes.len()));
                if !bytes.is_empty() {
                    self.ahead = Some(Ok(bytes));
                }
                Ok(part)
            }
            Some(Err(error)) => {
                self.ahead = Some(Err(StreamError::Closed));
                Err(error)
            }
        }
    }
}

/// Writes a file from a position on, one chunk at a time.
pub(super) struct FileWriter {
    file: Arc<OpenFile>,
    budget: Arc<Budget>,
    position: u64,
    pending: Option<Bytes>,
    error: Option<Refusal>,
}

impl FileWriter {
    pub(super) fn new(file: Arc<OpenFile>, budget: Arc<Budget>, position: u64) -> Self {
        Self { file, budget, position, pending: None, error: None }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileWriter {
    async fn ready(&mut self) {
        let Some(bytes) = self.pending.clone() else { return };
        let (file, budget, position) = (Arc::clone(&self.file), Arc::clone(&self.budget), self.position);
        let length = bytes.len() as u64;
        let written = tokio::task::spawn_blocking(move || write_all(&file, &budget, &bytes, position)).await;
        self.pending = None;
        match written {
            Ok(Ok(())) => self.position = self.position.saturating_add(length),
            Ok(Err(refusal)) => self.error = Some(refusal),
            Err(_) => {}
        }
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for FileWriter {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if self.pending.is_some() || bytes.len() > CHUNK {
            return Err(StreamError::trap("wrote more than check-write allowed"));
        }
        if !bytes.is_empty() {
            self.pending = Some(bytes);
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.error.take().map_or(Ok(()), |refusal| Err(failed(refusal)))
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        if let Some(refusal) = self.error.take() {
            return Err(failed(refusal));
        }
        Ok(if self.pending.is_some() { 0 } else { CHUNK })
    }
}

/// Reads at most `wanted` bytes, within the call's budget. Empty means the end of the file.
pub(super) fn read(file: &OpenFile, budget: &Budget, wanted: u64, offset: u64) -> Result<Vec<u8>, Refusal> {
    let length = usize::try_from(budget.readable(wanted)?).unwrap_or(usize::MAX);
    if let Some(ahead) = &file.ahead {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = ahead.content.get(from..).unwrap_or_default();
        let part = rest.get(..length).unwrap_or(rest).to_vec();
        budget.take_bytes(part.len())?;
        return Ok(part);
    }
    let mut buffer = vec![0; length];
    let read = system::read_at(&file.file, &mut buffer, offset)?;
    budget.take_bytes(read)?;
    buffer.truncate(read);
    Ok(buffer)
}

/// Writes all of `bytes`, within the call's budget.
pub(super) fn write_all(file: &OpenFile, budget: &Budget, bytes: &[u8], offset: u64) -> Result<(), Refusal> {
    file.writable()?;
    budget.take_bytes(bytes.len())?;
    let mut done = 0_usize;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        done = done.saturating_add(system::write_at(&file.file, rest, offset.saturating_add(done as u64))?);
    }
    Ok(())
}

fn failed(refusal: Refusal) -> StreamError {
    match refusal.into_code() {
        Ok(code) => StreamError::LastOperationFailed(wasmtime::Error::new(code)),
        Err(error) => StreamError::Trap(error),
    }
}
