//! The hostile guests and what becomes of each.
//!
//! Each file `tests/guests/<area>_<behaviour>` is one guest that tries one thing. Its row in [`rows`] says under which
//! policy it runs and how it must end. [`run`] runs it beside a neighbour that behaves, on the same engine, and then
//! looks whether everything is back where it was: descriptors, tasks, memory, slots of the pool. A row that takes more
//! than one provider, or one that changes, has a scene of its own, by way of the library's resolver where that decides.
//!
//! `cargo test` asserts all of it; `cargo xtask walls` prints it as a table with times, which nothing asserts.

#![forbid(unsafe_code)]

mod act;
mod aftermath;
mod behaviour;
mod call;
mod captured;
mod cost;
mod guest;
mod neighbour;
mod network;
mod observed;
pub mod report;
pub mod rows;
mod run;
mod setup;
pub mod soak;
mod stage;

pub use behaviour::Behaviour;
pub use cost::Cost;
pub use observed::Observed;
pub use run::{Contained, run};
pub use stage::{Stage, under_a_proxy, worker};

/// Counts what the host allocates: a guest's own memory is mapped, and bounded by the policy.
#[global_allocator]
static HOST_MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// A guest's name and its row.
pub type Guest = (&'static str, fn() -> Behaviour);

/// Every guest.
pub const GUESTS: &[Guest] = include!(concat!(env!("OUT_DIR"), "/guests.rs"));
