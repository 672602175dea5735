//! Runs secret backends that nobody here wrote.
//!
//! A backend is a WebAssembly component. It gets what its [policy](portcullis_policy::Policy) grants and nothing else,
//! for as long and with as much memory as its limits say, and what it answers is checked before it is believed.
//!
//! * [`engine`]: compiler settings, instance pool and ticker, one for a process.
//! * [`component`]: reading what a component imports, compiling it (in a worker process, or on a thread), taking
//!   compiled code into memory.
//! * [`artefacts`]: the folder where compiled code is kept between runs.
//! * [`link`]: an import is linked where the policy says so, or the component does not load.
//! * [`host`]: our side of the interfaces: files, log, settings.
//! * [`call`]: a fresh store for each batch, its limits, and the checks on the answer.
//! * [`provider`]: the above put together, ready to be called.
//!
//! The only `unsafe` is in `component/load.rs`. This crate changes nothing about the process that embeds it: no signal
//! handler of its own beyond wasmtime's, no process limits, no environment.

#![deny(unsafe_code)]

mod artefacts;
mod call;
mod component;
mod engine;
mod host;
mod link;
mod provider;

pub use artefacts::{ArtefactStore, Pruned, StoreError, StoredFile, StoredKind, Verdict};
pub use call::{AnswerFault, CallError, Failure, FailureKind, Outcome, Value};
pub use component::{
    Artefact, ArtefactError, CompileError, Compiler, Component, InspectError, Inspection, MAX_COMPONENT,
    Worker, WorkerError, WorkerLimits, compile_worker,
};
pub use engine::{Calls, DEFAULT_CALLS, Engine, EngineError, Slots, wasmtime_version};
pub use link::LinkError;
pub use provider::Provider;

#[cfg(test)]
mod tests {
    use portcullis_policy::{Grants, Policy, Profile, ProviderName, VerifiedComponent};

    /// Bytes as a policy without a digest accepts them.
    pub(crate) fn verified(bytes: Vec<u8>) -> VerifiedComponent {
        let name = ProviderName::new("test").unwrap();
        let policy = Policy::compile(name, Profile::Custom, Grants::default(), None).unwrap();
        policy.decide_component(bytes).unwrap()
    }
}
