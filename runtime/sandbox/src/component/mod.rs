//! Components: what they import, how they become machine code, and how that code is taken into the process.

mod artefact;
mod bounds;
mod compile;
mod compiler;
mod descriptor;
mod inspect;
mod load;

pub(crate) use artefact::Facts;
pub use artefact::{Artefact, ArtefactError};
pub use compile::{CompileError, MAX_COMPONENT};
pub use compiler::{Compiler, Worker, WorkerError, WorkerLimits, compile_worker};
pub use inspect::{InspectError, Inspection};
pub use load::Component;

/// Longest text of a compiler or of a worker that is passed on, in characters.
const TEXT: usize = 2_000;

/// A text that may quote the component: without control characters, and not endless.
pub(crate) fn plain(text: &str) -> String {
    text.chars().take(TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
