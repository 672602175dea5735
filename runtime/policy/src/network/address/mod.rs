//! Addresses: what each range is for, and which of them a request may be sent to.

mod class;
mod decide;
mod nat64;
mod table;

pub use decide::AuthorizedAddresses;
pub use nat64::Nat64Prefix;

pub(super) use class::is_openable;
pub(super) use decide::{decide, decide_metadata, decide_named, decide_platform};
