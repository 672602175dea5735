//! One call: a fresh store, under every limit, and what comes back checked.
//!
//! * [`meter`]: processor time; [`memory`]: memory of the guest; both stop a call.
//! * [`run`]: store → instantiate → call → drop, inside the wall limit.
//! * [`answer`]: exactly one outcome for each handle, or none at all.

mod answer;
mod bindings;
mod cpu_clock;
mod error;
mod memory;
mod meter;
mod run;

pub use answer::{AnswerFault, Failure, FailureKind, Outcome, Value};
pub(crate) use bindings::BackendPre;
pub use error::CallError;
pub(crate) use memory::MemoryBudget;
pub(crate) use run::run;
