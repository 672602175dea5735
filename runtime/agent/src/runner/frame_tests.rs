//! Frames as they come, and as nobody of ours sends them.

use proptest::prelude::*;

use super::*;

/// Gives its bytes a few at a time, with an interruption before each.
struct Trickle<'a> {
    bytes: &'a [u8],
    at_once: usize,
    interrupted: bool,
}

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let free = into.len().min(self.at_once);
        Read::read(&mut self.bytes, &mut into[..free])
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// Both ways of reading: they must say the same.
fn both(bytes: &[u8], limit: usize) -> Result<Option<Vec<u8>>, String> {
    let plain = |read: Result<Option<Zeroizing<Vec<u8>>>, FrameError>| {
        read.map(|frame| frame.map(|frame| frame.to_vec())).map_err(|error| error.to_string())
    };
    let mut left = bytes;
    let blocking = plain(read(&mut left, limit));
    let mut left = bytes;
    let waiting = plain(runtime().block_on(receive(&mut left, limit)));
    assert_eq!(blocking, waiting);
    blocking
}

#[test]
fn frames_are_what_their_length_says() {
    let cut = || Err("the pipe ended within a frame".to_owned());
    let frame = |bytes: &[u8]| Ok(Some(bytes.to_vec()));
    let rows = [
        (b"".as_slice(), Ok(None)),
        (b"\0\0\0\0", frame(b"")),
        (b"\x02\0\0\0ab", frame(b"ab")),
        (b"\x02\0\0\0abc", frame(b"ab")),
        (b"\x02\0\0\0a", cut()),
        (b"\x02\0\0\0", cut()),
        (b"\x02\0\0", cut()),
        (b"\x02", cut()),
        (b"\x09\0\0\0too long!", Err("a frame of 9 bytes, where 8 are the most".to_owned())),
        (b"\xff\xff\xff\xff", Err("a frame of 4294967295 bytes, where 8 are the most".to_owned())),
    ];
    for (bytes, expected) in rows {
        assert_eq!(both(bytes, 8), expected, "{bytes:?}");
    }
}

/// A length of gigabytes with nothing behind it costs no more than a first step.
#[test]
fn a_length_alone_takes_no_memory() {
    let mut growing = Growing::default();
    assert_eq!(growing.free(usize::MAX).unwrap().len(), STEP);
    assert!(growing.bytes.capacity() < 2 * STEP);
}

proptest! {
    #[test]
    fn what_is_framed_is_read_again(
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200_000), 0..4),
        at_once in 1_usize..100_000,
    ) {
        let bytes: Vec<u8> = messages.iter().flat_map(|message| framed(message).unwrap().to_vec()).collect();
        let mut from = Trickle { bytes: &bytes, at_once: at_once.max(bytes.len() / 1000), interrupted: false };
        for message in &messages {
            let read = read(&mut from, 200_000).unwrap().unwrap();
            prop_assert_eq!(&*read, message);
        }
        prop_assert!(read(&mut from, 0).unwrap().is_none());
    }

    #[test]
    fn whatever_comes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = both(&bytes, 32);
    }

    #[test]
    fn what_is_written_in_pieces_is_whole(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..99), 0..9)) {
        let mut wiped = Wiped::default();
        for piece in &pieces {
            wiped.write_all(piece).unwrap();
        }
        prop_assert_eq!(&*wiped.0, &pieces.concat());
    }
}
