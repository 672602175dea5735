//! Standard input and output past the standard library's buffers: those live as long as the process, and nobody wipes
//! what went through them.

use std::fs::File;
use std::io::{self, Read, Write as _};

use zeroize::Zeroizing;

/// First size of a buffer, in bytes. Most requests and documents are smaller.
const START: usize = 16 << 10;

/// Reads standard input to its end, or one byte over the limit.
pub(crate) fn read(limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    read_from(input()?, limit)
}

/// Reads to the end, or one byte over the limit. A buffer that is outgrown is wiped.
pub(crate) fn read_from(source: impl Read, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut source = source.take(limit.saturating_add(1));
    let mut bytes = Zeroizing::new(vec![0; START]);
    let mut length = 0_usize;
    loop {
        let free = bytes.get_mut(length..).unwrap_or_default();
        match source.read(free) {
            Ok(0) if !free.is_empty() => break,
            Ok(read) => length = length.saturating_add(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length == bytes.len() {
            let mut larger = Zeroizing::new(Vec::with_capacity(length.saturating_mul(2)));
            larger.extend_from_slice(&bytes);
            larger.resize(length.saturating_mul(2), 0);
            bytes = larger;
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// Writes all of it to standard output.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    output()?.write_all(bytes)
}

/// Standard input, without a buffer.
#[cfg(unix)]
pub(crate) fn input() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

/// Standard output, without a buffer.
#[cfg(unix)]
pub(crate) fn output() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn output() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdout().as_handle().try_clone_to_owned().map(File::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_read_up_to_the_limit() {
        for (length, limit, expected) in [
            (0, 10, 0),
            (10, 10, 10),
            (20, 10, 11),
            (START, u64::MAX, START),
            (START + 1, u64::MAX, START + 1),
            (5 * START, u64::MAX, 5 * START),
        ] {
            let source: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let read = read_from(source.as_slice(), limit).unwrap();
            assert_eq!(read.as_slice(), &source[..expected], "{length} {limit}");
        }
    }
}
