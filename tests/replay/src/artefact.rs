//! Compiled code from a file: what was written, or nothing.

use std::io::Write as _;
use std::ops::Range;
use std::sync::OnceLock;

use portcullis_sandbox::Artefact;

use crate::engine::{engine, policy};

/// Bytes of an edit: its kind, a position (from the end where the highest bit is set), a byte.
const EDIT: usize = 6;

/// A list of edits to a good artefact (first byte 0), or a whole file (any other): it is refused, or its code is the good
/// one's, byte for byte. Nothing is loaded: what passes would be machine code.
pub fn artefact(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let (good, source) = good();
    let bytes = if *kind == 0 { edited(good, rest) } else { rest.to_vec() };
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&bytes).expect("room for it");

    let taken = match Artefact::from_trusted_file(engine(), file) {
        Ok(taken) => taken,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return assert!(bytes != *good, "the good artefact is refused: {error}");
        }
    };
    let mut written = Vec::new();
    taken.write_to(&mut written).expect("what was read can be read");
    assert!(written == bytes, "an artefact is written as it was read");
    // The digest of the source may be another: it names the component, and whoever asks for an artefact compares it.
    let mut expected = good.clone();
    expected[source.clone()].copy_from_slice(taken.source().as_bytes());
    assert!(expected == bytes, "code that nobody compiled is taken");
}

/// The artefact of the smallest component, as it is written down, and where in it the digest of its source is.
fn good() -> &'static (Vec<u8>, Range<usize>) {
    static GOOD: OnceLock<(Vec<u8>, Range<usize>)> = OnceLock::new();
    GOOD.get_or_init(|| {
        let component = wat::parse_str("(component)").expect("a component");
        let verified = policy("limits: {}").decide_component(component).expect("any digest");
        let mut bytes = Vec::new();
        engine().compile(&verified).expect("code").write_to(&mut bytes).expect("memory");
        let digest = verified.digest().as_bytes();
        let at =
            bytes.windows(digest.len()).rposition(|found| found == digest).expect("the digest of the source");
        (bytes, at..at + digest.len())
    })
}

fn edited(good: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for edit in edits.chunks_exact(EDIT) {
        let [kind, a, b, c, d, byte] = *edit else { continue };
        let from_end = d & 0x80 != 0;
        let offset = u32::from_le_bytes([a, b, c, d & 0x7f]) as usize % (bytes.len() + 1);
        let at = if from_end { bytes.len() - offset } else { offset };
        match kind % 6 {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|found| *found ^= byte),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|found| *found = byte),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, byte),
            4 => drop(bytes.drain(at..bytes.len().min(at + usize::from(byte)))),
            // The end of the good artefact once more.
            _ => {
                let from = good.len().saturating_sub(usize::from(byte));
                drop(bytes.splice(at..at, good[from..].iter().copied()));
            }
        }
    }
    bytes
}
