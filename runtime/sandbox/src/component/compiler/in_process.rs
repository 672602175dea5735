//! Compiling on a thread of its own: what the compiler does to its stack, or a panic of it, does not reach the caller.

use std::thread;

use portcullis_policy::VerifiedComponent;

use crate::component::{Artefact, CompileError, plain};
use crate::engine::Engine;

/// Stack of the thread, in bytes: that of a main thread, which the compiler is tested with.
const STACK: usize = 8 << 20;

/// Compiles, and waits for it. Nothing can end it early: its input is bounded instead.
pub(super) fn compile(engine: &Engine, component: &VerifiedComponent) -> Result<Artefact, CompileError> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("portcullis-compile".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || engine.compile(component))
            .map_err(CompileError::NoThread)?
            .join()
            .unwrap_or_else(|panic| {
                let said = panic.downcast_ref::<String>().map(String::as_str);
                let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
                Err(CompileError::Crashed { how: plain(said.unwrap_or("it panicked")) })
            })
    })
}
