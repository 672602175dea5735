//! Verified bytes → machine code.

use portcullis_policy::VerifiedComponent;
use thiserror::Error;

use super::Artefact;
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
    /// Larger than any component that is compiled.
    #[error("{length} bytes, more than the {MAX_COMPONENT} that are compiled")]
    TooLarge {
        /// How many bytes came.
        length: usize,
    },
}

impl Engine {
    /// Compiles a component whose digest the policy has accepted.
    ///
    /// Takes time: 20 ms for a small guest, seconds for Python or JavaScript. Never done while a call waits.
    ///
    /// # Errors
    ///
    /// Where the bytes are no component, or one that is not supported.
    pub fn compile(&self, component: &VerifiedComponent) -> Result<Artefact, CompileError> {
        let bytes = component.bytes();
        if bytes.len() > MAX_COMPONENT {
            return Err(CompileError::TooLarge { length: bytes.len() });
        }
        if wasmparser::Parser::is_core_wasm(bytes) {
            return Err(CompileError::CoreModule);
        }
        if !wasmparser::Parser::is_component(bytes) {
            return Err(CompileError::Invalid { reason: "it does not begin as a component does".to_owned() });
        }
        let code = self
            .wasmtime()
            .precompile_component(bytes)
            .map_err(|error| CompileError::Invalid { reason: format!("{error:#}") })?;
        Ok(Artefact::seal(self, component.digest(), code))
    }
}
