//! Verified bytes → machine code.

use std::io;

use portcullis_policy::{Digest, VerifiedComponent};
use thiserror::Error;

use super::bounds::{self, Bound};
use super::compiler::WorkerError;
use super::{Artefact, plain};
use crate::engine::Engine;

/// Largest component that is compiled, in bytes. A Python guest has 19 MB.
pub const MAX_COMPONENT: usize = 64 << 20;

/// The bytes did not become code.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CompileError {
    /// Not a component, or one that uses a proposal which is off.
    #[error("not a component that this engine runs: {reason}")]
    Invalid {
        /// What the validator says.
        reason: String,
    },
    /// A core module: it has no component around it.
    #[error(
        "a core WebAssembly module, not a component; wrap it with `wasm-tools component new`, or build it for a \
         component target"
    )]
    CoreModule,
    /// The compiler stopped on it, which is a fault of the compiler. The host is unharmed.
    #[error("the compiler crashed on it: {how}")]
    Crashed {
        /// How it ended.
        how: String,
    },
    /// The system has no more memory for it.
    #[error("there is not enough memory to compile it")]
    NoMemory,
    /// There is no thread to compile on.
    #[error("no thread to compile it on: {0}")]
    NoThread(io::Error),
    /// More of something than any honest component has, which would only cost time and memory to compile.
    #[error("{found} {what}, more than the {limit} that are compiled")]
    TooComplex {
        /// What was counted.
        what: &'static str,
        /// How many there are at least.
        found: u64,
        /// The most that are compiled.
        limit: u64,
    },
    /// Larger than any component that is compiled.
    #[error("{length} bytes, more than the {MAX_COMPONENT} that are compiled")]
    TooLarge {
        /// How many bytes came.
        length: usize,
    },
    /// The compile worker was stopped, or could not do its work.
    #[error(transparent)]
    Worker(#[from] WorkerError),
}

impl CompileError {
    /// The validator's words. They can quote names that the component chose.
    pub(super) fn invalid(reason: &str) -> Self {
        Self::Invalid { reason: plain(reason) }
    }

    pub(super) fn too_complex(bound: Bound, found: u64) -> Self {
        Self::TooComplex { what: bound.what(), found, limit: bound.limit() }
    }
}

impl Engine {
    /// Compiles a component whose digest the policy has accepted, here and now.
    ///
    /// Takes time: 20 ms for a small guest, seconds for Python or JavaScript. Never done while a call waits. What a
    /// host does not know is better compiled by a [`Compiler`](crate::Compiler).
    ///
    /// # Errors
    ///
    /// Where the bytes are no component, or one that is not supported.
    pub fn compile(&self, component: &VerifiedComponent) -> Result<Artefact, CompileError> {
        self.compile_bytes(component.bytes(), component.digest())
    }

    /// The same for bytes that somebody else has verified.
    pub(super) fn compile_bytes(&self, bytes: &[u8], digest: &Digest) -> Result<Artefact, CompileError> {
        if bytes.len() > MAX_COMPONENT {
            return Err(CompileError::TooLarge { length: bytes.len() });
        }
        if wasmparser::Parser::is_core_wasm(bytes) {
            return Err(CompileError::CoreModule);
        }
        if !wasmparser::Parser::is_component(bytes) {
            return Err(CompileError::invalid("it does not begin as a component does"));
        }
        bounds::check(bytes)?;
        let code = self.wasmtime().precompile_component(bytes).map_err(|error| match error
            .is::<wasmtime::OutOfMemory>(
        ) {
            true => CompileError::NoMemory,
            false => CompileError::invalid(&format!("{error:#}")),
        })?;
        Ok(Artefact::seal(self, digest, code))
    }
}
