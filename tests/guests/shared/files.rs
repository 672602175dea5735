//! The granted folder as an attacker takes it, with outcomes as the names of the interface's error codes.

use portcullis_guest::bindings::wasi::filesystem::preopens;
pub use portcullis_guest::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, NewTimestamp, OpenFlags, PathFlags,
};
use portcullis_guest::bindings::wasi::io::streams::StreamError;

/// Most that one read asks for.
pub const CHUNK: u64 = 1 << 20;

/// What the outcome of an operation is called: `ok`, or the error code as WIT spells it.
pub fn outcome<T>(result: Result<T, ErrorCode>) -> &'static str {
    result.map_or_else(|code| code.name(), |_| "ok")
}

/// The same for a stream of a file, whose last failure is one of its file.
pub fn stream_outcome<T>(result: Result<T, StreamError>) -> &'static str {
    use portcullis_guest::bindings::wasi::filesystem::types::filesystem_error_code;
    match &result {
        Err(StreamError::LastOperationFailed(error)) => {
            filesystem_error_code(error).map_or("failed", |code| code.name())
        }
        _ => crate::streams::outcome(&result),
    }
}

/// Every granted folder with its path. Empty where nothing is granted.
pub fn granted() -> Vec<(Descriptor, String)> {
    preopens::get_directories()
}

/// The first granted folder.
pub fn folder() -> Option<Descriptor> {
    granted().into_iter().next().map(|(folder, _)| folder)
}

/// Opens for reading, links followed.
///
/// # Errors
///
/// As the host says.
pub fn open(folder: &Descriptor, path: &str) -> Result<Descriptor, ErrorCode> {
    folder.open_at(PathFlags::SYMLINK_FOLLOW, path, OpenFlags::empty(), DescriptorFlags::READ)
}

/// Opens and reads at most `limit` bytes.
///
/// # Errors
///
/// As the host says.
pub fn read(folder: &Descriptor, path: &str, limit: usize) -> Result<Vec<u8>, ErrorCode> {
    let file = open(folder, path)?;
    let mut bytes = Vec::new();
    while bytes.len() < limit {
        let (chunk, end) = file.read(CHUNK, bytes.len() as u64)?;
        if end || chunk.is_empty() {
            break;
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What is in a small file, or the outcome of the attempt to read it.
pub fn content(folder: &Descriptor, path: &str) -> String {
    match read(folder, path, 4096) {
        Ok(bytes) => format!("'{}'", String::from_utf8_lossy(&bytes)),
        Err(code) => code.name().to_owned(),
    }
}
