//! The one place where bytes become machine code of this process, and the one place with `unsafe`.

use portcullis_policy::Digest;

use super::Artefact;
use super::artefact::Code;
use super::descriptor;
use crate::engine::{Engine, EngineError};

/// A component in memory, ready to be linked. Cheap to clone.
#[derive(Clone)]
pub struct Component {
    wasmtime: wasmtime::component::Component,
    source: Digest,
}

impl Engine {
    /// Takes an artefact into memory.
    ///
    /// # Errors
    ///
    /// Where memory for the code cannot be had, or wasmtime refuses the artefact.
    #[allow(unsafe_code, reason = "loading compiled code is the one unsafe act of this project")]
    pub fn load(&self, artefact: &Artefact) -> Result<Component, EngineError> {
        let engine = self.wasmtime();
        // SAFETY: the code must come from wasmtime's own compiler, unchanged, and stay so. An `Artefact` is made in
        // four ways only. `Engine::compile` seals what the compiler has just returned. `Artefact::from_worker` takes
        // what the compile worker sealed: a program that this process's owner named (in the command, this very
        // binary), that this process started, and that answers through a pipe which only the two hold; its trailer is
        // checked against this engine, the component that was sent and the digest of the code. A compiler that a
        // component subverts would seal what it likes; it could do that in this process too. `Artefact::from_program`
        // takes bytes that are part of the program, as trusted as this line. `Artefact::from_trusted_file` takes what
        // a seal wrote: its trailer names this build, these settings and the digest of the code, all checked there
        // (tests `a_changed_byte_anywhere_is_noticed`, `every_truncation_is_noticed`), and its contract is that nobody
        // but this process's owner can write the file, then and later. wasmtime checks its own version once more.
        let wasmtime = unsafe {
            match artefact.code() {
                Code::Memory(code) => wasmtime::component::Component::deserialize(engine, code),
                Code::Program(code) => wasmtime::component::Component::deserialize(engine, code),
                Code::File(file) => match descriptor::path(file) {
                    Some(path) => wasmtime::component::Component::deserialize_file(engine, path),
                    None => artefact
                        .read()
                        .map_err(wasmtime::Error::from)
                        .and_then(|code| wasmtime::component::Component::deserialize(engine, code)),
                },
            }
        }
        .map_err(EngineError::component)?;
        Ok(Component { wasmtime, source: *artefact.source() })
    }
}

impl Component {
    /// The digest of the component file that this was compiled from.
    #[must_use]
    pub fn source(&self) -> &Digest {
        &self.source
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::component::Component {
        &self.wasmtime
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("source", &self.source).finish_non_exhaustive()
    }
}
