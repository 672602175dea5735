//! Guests that reach for the network, by what they want of it.
//!
//! * [`nothing`]: anything, where nothing is granted.
//! * [`spelling`]: requests that no rule allows, in every spelling.
//! * [`addresses`]: names that lead elsewhere than they seem to.
//! * [`elsewhere`]: redirects, proxies, and what providers share.
//! * [`headers`]: headers where nobody looks for them.
//! * [`waits`]: what takes for ever.
//! * [`sizes`]: what is too much.
//! * [`servers`]: servers that break the rules.

mod addresses;
mod elsewhere;
mod headers;
mod nothing;
mod servers;
mod sizes;
mod spelling;
mod waits;

pub(crate) use addresses::*;
pub(crate) use elsewhere::*;
pub(crate) use headers::*;
pub(crate) use nothing::*;
pub(crate) use servers::*;
pub(crate) use sizes::*;
pub(crate) use spelling::*;
pub(crate) use waits::*;
