//! When secrets are asked for again, which, and what is said about it. Nothing here waits or asks; `live` does.
//!
//! * `allowlist`: which places may change while an agent runs ([`Allowlist`]).
//! * `schedule`: when ([`Schedule`]). `breaker`: when not. `renewal`: before a value's time is over.
//! * `report`: what changed ([`Report`]). `error`: what went wrong ([`RefreshError`]).

mod allowlist;
mod breaker;
mod error;
pub(crate) mod renewal;
mod report;
mod schedule;

pub use allowlist::Allowlist;
pub(crate) use breaker::{Breaker, Verdict};
pub use breaker::{BreakerState, FIRST_BACK_OFF, LONGEST_BACK_OFF, OPENS_AFTER};
pub use error::{HandleError, RefreshError};
pub use report::{Reloaded, Report};
pub use schedule::Schedule;
