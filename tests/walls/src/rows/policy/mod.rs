//! Texts of policies, and policies that change.
//!
//! * [`downgrade`]: a text that grants more where it is read loosely.
//! * [`texts`]: those texts.
//! * [`revoked`]: a policy that is replaced while a call is in flight.

mod downgrade;
mod revoked;
mod texts;

pub(crate) use downgrade::downgrade;
pub(crate) use revoked::revoked;
