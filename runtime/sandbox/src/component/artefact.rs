//! An artefact: machine code with a trailer that says what it was made from, for which engine, and its own digest.
//!
//! The code comes first, so that the file as it is can be mapped into memory: a start then reads only the pages that
//! its calls touch.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write};

use portcullis_policy::Digest;
use thiserror::Error;

use crate::engine::Engine;

/// First bytes of every trailer, with its version.
const MAGIC: &[u8; 8] = b"PCULLIS3";

/// Length of the trailer: magic, engine, source digest, code digest.
const TRAILER: usize = 8 + 8 + 32 + 32;

/// How much of a file is hashed at a time, in bytes: as much as the fastest of BLAKE3's ways to hash takes at once. Its own
/// steps are larger, and cost more pages of memory than they save calls.
const STEP: usize = 16 << 10;

/// Compiled code, bound to its source and to the engine that may run it.
///
/// There are four ways to come by one: [`Engine::compile`], what a compile worker that this process started sent back,
/// a file that this software wrote earlier and nobody else could change (the artefact store), and bytes that are part
/// of the program itself.
pub struct Artefact {
    code: Code,
    trailer: Trailer,
}

/// Where the code is.
pub(super) enum Code {
    /// Just compiled.
    Memory(Vec<u8>),
    /// Part of the program.
    Program(&'static [u8]),
    /// In a file of the store, with the trailer behind it.
    File(File),
}

/// Bytes that are not an artefact for this engine. The cure is always to compile again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArtefactError {
    /// The code was changed after it was written.
    #[error("its code does not have the digest that its trailer says")]
    Damaged,
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is what became of another component.
    #[error("it was made of another component ({made_of})")]
    OtherSource {
        /// The component that it was made of.
        made_of: Digest,
    },
    /// Compiled by another version, with other settings or for another processor.
    #[error("it was made for another engine ({made_for:016x}, this is {engine:016x})")]
    OtherEngine {
        /// The engine that it was made for.
        made_for: u64,
        /// The engine that was to run it.
        engine: u64,
    },
    /// Too short, or without the magic bytes.
    #[error("it is no artefact: {length} bytes without the trailer")]
    NotAnArtefact {
        /// How many bytes came.
        length: u64,
    },
}

impl Artefact {
    /// Seals freshly compiled code.
    pub(super) fn seal(engine: &Engine, source: &Digest, code: Vec<u8>) -> Self {
        let digest = *blake3::hash(&code).as_bytes();
        let trailer = Trailer { engine: engine.id(), source: *source, code: digest };
        Self { code: Code::Memory(code), trailer }
    }

    /// Takes back what [`Artefact::write_to`] wrote into a file.
    ///
    /// **The file becomes machine code.** The trailer finds accidents and stale files; it is no signature. Pass only a
    /// file that nobody but the owner of this process can write, now or later: the artefact store checks that. The
    /// file stays mapped for as long as the component lives; it may be deleted or replaced by a rename meanwhile.
    ///
    /// # Errors
    ///
    /// Where the trailer does not fit the engine or the code, or the file cannot be read.
    pub fn from_trusted_file(engine: &Engine, file: File) -> Result<Self, ArtefactError> {
        let (trailer, length) = Trailer::of_file(&file)?;
        trailer.check_engine(engine)?;
        trailer.check_file(&file, length)?;
        Ok(Self { code: Code::File(file), trailer })
    }

    /// Takes what a compile worker sent back for the component with this digest.
    ///
    /// **The bytes become machine code.** The worker is a program that this process named and started, and the bytes
    /// came through a pipe that nobody else holds.
    pub(super) fn from_worker(
        engine: &Engine,
        source: &Digest,
        mut bytes: Vec<u8>,
    ) -> Result<Self, ArtefactError> {
        let no_artefact = || ArtefactError::NotAnArtefact { length: bytes.len() as u64 };
        let (code, trailer) = bytes.split_last_chunk().ok_or_else(no_artefact)?;
        let trailer = Trailer::read(trailer).ok_or_else(no_artefact)?;
        trailer.check_engine(engine)?;
        if trailer.source != *source {
            return Err(ArtefactError::OtherSource { made_of: trailer.source });
        }
        if *blake3::hash(code).as_bytes() != trailer.code {
            return Err(ArtefactError::Damaged);
        }
        bytes.truncate(code.len());
        Ok(Self { code: Code::Memory(bytes), trailer })
    }

    /// Takes an artefact that is part of this very program (`include_bytes!`).
    ///
    /// Whoever can change it can change the program, so its digest is not computed again at every start. For anything
    /// that is read at run time use [`Artefact::from_trusted_file`].
    ///
    /// # Errors
    ///
    /// Where the trailer does not fit the engine: the parts of the program were not built together.
    pub fn from_program(engine: &Engine, bytes: &'static [u8]) -> Result<Self, ArtefactError> {
        let no_artefact = || ArtefactError::NotAnArtefact { length: bytes.len() as u64 };
        let (code, trailer) = bytes.split_last_chunk().ok_or_else(no_artefact)?;
        let trailer = Trailer::read(trailer).ok_or_else(no_artefact)?;
        trailer.check_engine(engine)?;
        Ok(Self { code: Code::Program(code), trailer })
    }

    /// Writes code and trailer down, to be taken back later.
    ///
    /// # Errors
    ///
    /// Those of the writer, and of reading where the artefact came from a file.
    pub fn write_to(&self, writer: &mut impl Write) -> io::Result<()> {
        match &self.code {
            Code::Memory(code) => writer.write_all(code)?,
            Code::Program(code) => writer.write_all(code)?,
            Code::File(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                return io::copy(&mut file, writer).map(|_| ());
            }
        }
        writer.write_all(&self.trailer.to_bytes())
    }

    /// The digest of the component that this was compiled from.
    #[must_use]
    pub fn source(&self) -> &Digest {
        &self.trailer.source
    }

    pub(super) fn code(&self) -> &Code {
        &self.code
    }

    /// Code and trailer, read whole. Code that ends before its bytes do runs all the same.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes)?;
        Ok(bytes)
    }
}

/// What an artefact file says of itself, when its code is as its trailer says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// The component that it was made of.
    pub(crate) source: Digest,
    /// The engine that it was made for.
    pub(crate) engine: u64,
}

impl Facts {
    /// Reads all of a file, for whichever engine it was made. Nothing of it is loaded.
    pub(crate) fn of(file: &File) -> Result<Self, ArtefactError> {
        let (trailer, length) = Trailer::of_file(file)?;
        trailer.check_file(file, length)?;
        Ok(Self { source: trailer.source, engine: trailer.engine })
    }
}

impl fmt::Debug for Artefact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artefact").field("source", self.source()).finish_non_exhaustive()
    }
}

struct Trailer {
    engine: u64,
    source: Digest,
    code: [u8; 32],
}

impl Trailer {
    fn read(bytes: &[u8; TRAILER]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (engine, rest) = rest.split_first_chunk::<8>()?;
        let (source, rest) = rest.split_first_chunk::<32>()?;
        let code = rest.first_chunk::<32>()?;
        Some(Self { engine: u64::from_le_bytes(*engine), source: Digest::from_bytes(*source), code: *code })
    }

    /// The trailer of a file, and the length of the code before it.
    fn of_file(mut file: &File) -> Result<(Self, u64), ArtefactError> {
        let length = file.metadata()?.len();
        let no_artefact = ArtefactError::NotAnArtefact { length };
        let Some(code_length) = length.checked_sub(TRAILER as u64) else { return Err(no_artefact) };
        let mut trailer = [0; TRAILER];
        file.seek(SeekFrom::Start(code_length))?;
        file.read_exact(&mut trailer)?;
        Self::read(&trailer).map(|trailer| (trailer, code_length)).ok_or(no_artefact)
    }

    /// BLAKE3, because this is computed at every start: the digest that a policy names stays SHA-256.
    fn check_file(&self, mut file: &File, code_length: u64) -> Result<(), ArtefactError> {
        file.rewind()?;
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut BufReader::with_capacity(STEP, file.take(code_length)), &mut hasher)?;
        if *hasher.finalize().as_bytes() == self.code { Ok(()) } else { Err(ArtefactError::Damaged) }
    }

    fn to_bytes(&self) -> [u8; TRAILER] {
        let mut bytes = [0; TRAILER];
        let parts: [&[u8]; 4] = [MAGIC, &self.engine.to_le_bytes(), self.source.as_bytes(), &self.code];
        for (place, byte) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *place = *byte;
        }
        bytes
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

    fn written(artefact: &Artefact) -> Vec<u8> {
        let mut bytes = Vec::new();
        artefact.write_to(&mut bytes).unwrap();
        bytes
    }

    fn read_back(engine: &Engine, bytes: &[u8]) -> Result<Artefact, ArtefactError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Artefact::from_trusted_file(engine, file)
    }

    #[test]
    fn what_was_written_is_taken_back() {
        let engine = Engine::new(1).unwrap();
        let made = artefact(&engine);
        let read = read_back(&engine, &written(&made)).unwrap();
        assert_eq!(read.source(), made.source());
        assert_eq!(written(&read), written(&made));
        assert!(engine.load(&read).is_ok());
        let embedded = Artefact::from_program(&engine, written(&made).leak()).unwrap();
        assert_eq!(embedded.source(), made.source());
        assert_eq!(written(&embedded), written(&made));
        assert!(engine.load(&embedded).is_ok());
    }

    #[test]
    fn a_changed_byte_anywhere_is_noticed() {
        let engine = Engine::new(1).unwrap();
        let made = written(&artefact(&engine));
        let trailer = made.len() - TRAILER;
        // The source digest is compared by whoever asks for an artefact.
        let source = trailer + 16..trailer + 48;
        for position in [0, 1, trailer / 2].into_iter().chain(trailer - 1..made.len()) {
            if source.contains(&position) {
                continue;
            }
            let mut bytes = made.clone();
            bytes[position] ^= 1;
            assert!(read_back(&engine, &bytes).is_err(), "byte {position}");
        }
    }

    #[test]
    fn every_truncation_is_noticed() {
        let engine = Engine::new(1).unwrap();
        let made = written(&artefact(&engine));
        for length in (0..100).chain(made.len() - 100..made.len()) {
            assert!(read_back(&engine, &made[..length]).is_err(), "length {length}");
            assert!(
                Artefact::from_program(&engine, made[..length].to_vec().leak()).is_err(),
                "length {length}"
            );
        }
    }
}
