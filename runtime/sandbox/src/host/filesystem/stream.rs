//! Files as streams: what guests built with a C library read and write through.

use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

use super::Refusal;
use super::bindings::wasi::filesystem::types::ErrorCode;
use super::budget::Budget;
use super::descriptor::OpenFile;
use super::system;

/// Most bytes that one step of a stream moves.
const CHUNK: usize = 64 << 10;

/// A step on the blocking pool. There is never more than one for a stream: a guest may ask whether it is done, let go of
/// the answer and ask again, as often as it likes.
struct Step<T>(Option<JoinHandle<Result<T, Refusal>>>);

impl<T: Send + 'static> Step<T> {
    /// What the step gave. Begins it with `work`, unless it was begun before. May be dropped at any time.
    async fn done(
        &mut self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let task = self.0.get_or_insert_with(|| tokio::task::spawn_blocking(work));
        let outcome = task.await;
        self.0 = None;
        // The pool is shutting down: no answer will come.
        outcome.unwrap_or_else(|_| Err(Refusal::failed(ErrorCode::Io)))
    }
}

impl<T> Drop for Step<T> {
    fn drop(&mut self) {
        // What still waits for a thread need not begin.
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// Reads a file from a position on.
pub(super) struct FileReader {
    file: Arc<OpenFile>,
    budget: Arc<Budget>,
    position: u64,
    step: Step<Vec<u8>>,
    ahead: Option<StreamResult<Bytes>>,
}

impl FileReader {
    pub(super) fn new(file: Arc<OpenFile>, budget: Arc<Budget>, position: u64) -> Self {
        Self { file, budget, position, step: Step(None), ahead: None }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileReader {
    async fn ready(&mut self) {
        if self.ahead.is_some() {
            return;
        }
        let (file, budget, position) = (Arc::clone(&self.file), Arc::clone(&self.budget), self.position);
        let read = self.step.done(move || read(&file, &budget, CHUNK as u64, position)).await;
        self.ahead = Some(match read {
            Ok(bytes) if bytes.is_empty() => Err(StreamError::Closed),
            Ok(bytes) => {
                self.position = self.position.saturating_add(bytes.len() as u64);
                Ok(bytes.into())
            }
            Err(refusal) => Err(failed(refusal)),
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
    step: Step<()>,
    error: Option<Refusal>,
}

impl FileWriter {
    pub(super) fn new(file: Arc<OpenFile>, budget: Arc<Budget>, position: u64) -> Self {
        Self { file, budget, position, pending: None, step: Step(None), error: None }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileWriter {
    async fn ready(&mut self) {
        let Some(bytes) = self.pending.clone() else { return };
        let (file, budget, position) = (Arc::clone(&self.file), Arc::clone(&self.budget), self.position);
        let length = bytes.len() as u64;
        let written = self.step.done(move || write_all(&file, &budget, &bytes, position)).await;
        self.pending = None;
        match written {
            Ok(()) => self.position = self.position.saturating_add(length),
            Err(refusal) => self.error = Some(refusal),
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
    let bytes = file.read(length, offset)?;
    budget.take_bytes(bytes.len())?;
    Ok(bytes)
}

/// Writes all of `bytes`, within the call's budget.
pub(super) fn write_all(file: &OpenFile, budget: &Budget, bytes: &[u8], offset: u64) -> Result<(), Refusal> {
    let writer = file.writer()?;
    budget.length(offset.saturating_add(bytes.len() as u64))?;
    budget.take_bytes(bytes.len())?;
    let mut done = 0_usize;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        done = done.saturating_add(system::write_at(writer, rest, offset.saturating_add(done as u64))?);
    }
    Ok(())
}

fn failed(refusal: Refusal) -> StreamError {
    match refusal.into_code() {
        Ok(code) => StreamError::LastOperationFailed(wasmtime::Error::new(code)),
        Err(error) => StreamError::Trap(error),
    }
}
