//! Guests that reach for the network, by what they want of it.
//!
//! * [`nothing`]: anything, where nothing is granted.

mod nothing;

pub(crate) use nothing::*;
