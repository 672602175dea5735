//! An artefact: machine code with a header that says what it was made from, for which engine, and its own digest.

use std::borrow::Cow;
use std::fmt;

use portcullis_policy::Digest;
use thiserror::Error;

use crate::engine::Engine;

/// First bytes of every artefact, with the version of the header.
const MAGIC: &[u8; 8] = b"PCULLIS2";

/// Length of the header: magic, engine, source digest, code digest.
const HEADER: usize = 8 + 8 + 32 + 32;

/// Compiled code, bound to its source and to the engine that may run it.
///
/// There are three ways to come by one: [`Engine::compile`], bytes that this software wrote earlier and nobody else
/// could change (the artefact store), and bytes that are part of the program itself.
#[derive(Clone)]
pub struct Artefact {
    bytes: Cow<'static, [u8]>,
    source: Digest,
}

/// Bytes that are not an artefact for this engine. The cure is always to compile again.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArtefactError {
    /// The code was changed after it was written.
    #[error("its code does not have the digest that its header says")]
    Damaged,
    /// Compiled by another version, with other settings or for another processor.
    #[error("it was made for another engine ({made_for:016x}, this is {engine:016x})")]
    OtherEngine {
        /// The engine that it was made for.
        made_for: u64,
        /// The engine that was to run it.
        engine: u64,
    },
    /// Too short, or without the magic bytes.
    #[error("it is no artefact: {length} bytes without the header")]
    NotAnArtefact {
        /// How many bytes came.
        length: usize,
    },
}

impl Artefact {
    /// Puts the header before freshly compiled code.
    pub(super) fn seal(engine: &Engine, source: &Digest, code: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(HEADER + code.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&engine.id().to_le_bytes());
        bytes.extend_from_slice(source.as_bytes());
        bytes.extend_from_slice(blake3::hash(code).as_bytes());
        bytes.extend_from_slice(code);
        Self { bytes: Cow::Owned(bytes), source: *source }
    }

    /// Takes back what [`Artefact::as_bytes`] gave.
    ///
    /// **The bytes become machine code.** The header finds accidents and stale files; it is no signature. Pass only
    /// bytes that came from a place that nobody but the owner of this process can write: the artefact store checks
    /// that, and bytes embedded in the binary have it by nature.
    ///
    /// # Errors
    ///
    /// Where the header does not fit the engine or the code.
    pub fn from_trusted_bytes(
        engine: &Engine,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, ArtefactError> {
        let bytes = bytes.into();
        let header = Header::read(&bytes).ok_or(ArtefactError::NotAnArtefact { length: bytes.len() })?;
        header.check_engine(engine)?;
        // BLAKE3, because this is computed at every start: the digest that a policy names stays SHA-256.
        if blake3::hash(header.code).as_bytes() != header.code_digest {
            return Err(ArtefactError::Damaged);
        }
        let source = Digest::from_bytes(header.source);
        Ok(Self { bytes, source })
    }

    /// Takes an artefact that is part of this very program (`include_bytes!`).
    ///
    /// Whoever can change it can change the program, so its digest is not computed again at every start. For anything
    /// that was read at run time use [`Artefact::from_trusted_bytes`].
    ///
    /// # Errors
    ///
    /// Where the header does not fit the engine: the parts of the program were not built together.
    pub fn from_program(engine: &Engine, bytes: &'static [u8]) -> Result<Self, ArtefactError> {
        let header = Header::read(bytes).ok_or(ArtefactError::NotAnArtefact { length: bytes.len() })?;
        header.check_engine(engine)?;
        Ok(Self { bytes: Cow::Borrowed(bytes), source: Digest::from_bytes(header.source) })
    }

    /// Header and code, to be written down.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest of the component that this was compiled from.
    #[must_use]
    pub fn source(&self) -> &Digest {
        &self.source
    }

    /// The code alone.
    pub(super) fn code(&self) -> &[u8] {
        self.bytes.get(HEADER..).unwrap_or_default()
    }
}

impl fmt::Debug for Artefact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artefact")
            .field("source", &self.source)
            .field("length", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

struct Header<'a> {
    engine: u64,
    source: [u8; 32],
    code_digest: &'a [u8],
    code: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (engine, rest) = rest.split_first_chunk::<8>()?;
        let (source, rest) = rest.split_first_chunk::<32>()?;
        let (code_digest, code) = rest.split_at_checked(32)?;
        Some(Self { engine: u64::from_le_bytes(*engine), source: *source, code_digest, code })
    }

    fn check_engine(&self, engine: &Engine) -> Result<(), ArtefactError> {
        let this = engine.id();
        if self.engine == this {
            return Ok(());
        }
        Err(ArtefactError::OtherEngine { made_for: self.engine, engine: this })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artefact(engine: &Engine) -> Artefact {
        let component = wat::parse_str("(component)").unwrap();
        engine.compile(&crate::tests::verified(component)).unwrap()
    }

    #[test]
    fn what_was_written_is_taken_back() {
        let engine = Engine::new(1).unwrap();
        let made = artefact(&engine);
        let read = Artefact::from_trusted_bytes(&engine, made.as_bytes().to_vec()).unwrap();
        assert_eq!(read.source(), made.source());
        assert!(engine.load(&read).is_ok());
    }

    #[test]
    fn a_changed_byte_anywhere_is_noticed() {
        let engine = Engine::new(1).unwrap();
        let made = artefact(&engine);
        let length = made.as_bytes().len();
        // The source digest (bytes 16 to 47) is compared by whoever asks for an artefact.
        for position in (0..16).chain(48..80).chain([80, length / 2, length - 1]) {
            let mut bytes = made.as_bytes().to_vec();
            bytes[position] ^= 1;
            assert!(Artefact::from_trusted_bytes(&engine, bytes).is_err(), "byte {position}");
        }
    }

    #[test]
    fn every_truncation_is_noticed() {
        let engine = Engine::new(1).unwrap();
        let made = artefact(&engine);
        for length in (0..100).chain([made.as_bytes().len() - 1]) {
            let bytes = made.as_bytes()[..length].to_vec();
            assert!(Artefact::from_trusted_bytes(&engine, bytes).is_err(), "length {length}");
        }
    }
}
