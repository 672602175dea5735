//! Frames: four bytes of length, lowest first, and so many bytes. Their buffers are wiped.

use std::io::{self, Read, Write};

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use zeroize::Zeroizing;

/// The most that a daemon says at once, in bytes: a configuration, or the handles of a batch.
pub(super) const MAX_TOLD: usize = 256 << 20;

/// Memory that a frame gets before its bytes are there, in bytes: a length alone costs nobody more.
const STEP: usize = 64 << 10;

/// A frame that cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The pipe.
    #[error("the pipe cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It says that it is longer than any frame may be.
    #[error("a frame of {found} bytes, where {limit} are the most")]
    TooLong {
        /// What it says.
        found: usize,
        /// The most, in bytes.
        limit: usize,
    },
    /// The pipe ends within a frame.
    #[error("the pipe ended within a frame")]
    Cut,
    /// Its bytes are no message.
    #[error("{0} bytes that are no message")]
    NoMessage(usize),
    /// A message is missing: the pipe ended before it.
    #[error("the pipe ended before the first frame")]
    Missing,
}

/// The length that a frame begins with.
fn length(header: [u8; 4], limit: usize) -> Result<usize, FrameError> {
    let found = usize::try_from(u32::from_le_bytes(header)).unwrap_or(usize::MAX);
    if found > limit { Err(FrameError::TooLong { found, limit }) } else { Ok(found) }
}

/// A buffer that grows with what has come: each time to twice its size, the old one wiped.
#[derive(Default)]
struct Growing {
    bytes: Zeroizing<Vec<u8>>,
    filled: usize,
}

impl Growing {
    /// Where the next bytes go; nothing where all of `length` are there.
    fn free(&mut self, length: usize) -> Option<&mut [u8]> {
        if self.filled == length {
            return None;
        }
        if self.filled == self.bytes.len() {
            let size = self.filled.saturating_mul(2).clamp(STEP, length.max(STEP)).min(length);
            let mut larger = Zeroizing::new(Vec::with_capacity(size));
            larger.extend_from_slice(&self.bytes);
            larger.resize(size, 0);
            self.bytes = larger;
        }
        self.bytes.get_mut(self.filled..)
    }

    fn add(&mut self, read: usize) -> Result<(), FrameError> {
        if read == 0 {
            return Err(FrameError::Cut);
        }
        self.filled = self.filled.saturating_add(read);
        Ok(())
    }
}

/// Reads a frame of at most `limit` bytes. Nothing where the pipe has ended.
pub(super) fn read(from: &mut impl Read, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>, FrameError> {
    let mut header = [0; 4];
    let mut read = 0;
    while let Some(free @ [_, ..]) = header.get_mut(read..) {
        match from.read(free) {
            Ok(0) if read == 0 => return Ok(None),
            Ok(0) => return Err(FrameError::Cut),
            Ok(more) => read = read.saturating_add(more),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let length = length(header, limit)?;
    let mut growing = Growing::default();
    while let Some(free) = growing.free(length) {
        match from.read(free) {
            Ok(read) => growing.add(read)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(growing.bytes))
}

/// The same without blocking.
pub(super) async fn receive(
    from: &mut (impl AsyncRead + Unpin),
    limit: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>, FrameError> {
    let mut header = [0; 4];
    let mut read = 0;
    while let Some(free @ [_, ..]) = header.get_mut(read..) {
        match from.read(free).await? {
            0 if read == 0 => return Ok(None),
            0 => return Err(FrameError::Cut),
            more => read = read.saturating_add(more),
        }
    }
    let length = length(header, limit)?;
    let mut growing = Growing::default();
    while let Some(free) = growing.free(length) {
        let read = from.read(free).await?;
        growing.add(read)?;
    }
    Ok(Some(growing.bytes))
}

/// Puts the length before a message. Nothing where it is longer than any frame can be.
pub(super) fn framed(message: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let length = u32::try_from(message.len()).ok()?;
    let mut frame = Zeroizing::new(Vec::with_capacity(message.len().saturating_add(4)));
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(message);
    Some(frame)
}

/// Bytes that are wiped when the buffer grows, too.
#[derive(Default)]
pub(super) struct Wiped(pub(super) Zeroizing<Vec<u8>>);

impl Write for Wiped {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let needed = self.0.len().saturating_add(more.len());
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.len().saturating_mul(2))));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
