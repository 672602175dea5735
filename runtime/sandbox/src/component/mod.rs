//! Components: what they import, how they become machine code, and how that code is taken into the process.

mod artefact;
mod compile;
mod descriptor;
mod inspect;
mod load;

pub use artefact::{Artefact, ArtefactError};
pub use compile::{CompileError, MAX_COMPONENT};
pub use inspect::{InspectError, Inspection};
pub use load::Component;
