//! Guests that reach for a credential of the host.
//!
//! * [`nothing`]: where none is attached, and nothing is granted.
//! * [`attached`]: where the host attaches one to what they send.

mod attached;
mod nothing;

pub(crate) use attached::*;
pub(crate) use nothing::*;
