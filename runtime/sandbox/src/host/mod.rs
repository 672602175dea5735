//! The host's side of the interfaces that a guest may import.

pub(crate) mod clocks;
pub(crate) mod filesystem;
pub(crate) mod http;
pub(crate) mod log;
mod state;

pub(crate) use state::State;
