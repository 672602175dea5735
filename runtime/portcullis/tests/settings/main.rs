//! What a backend is told: never a credential, whatever way and spelling it came by.
//!
//! * [`table`]: which setting is whose.
//! * [`markers`]: settings with markers in them.
//! * [`readable`]: what is planned.
//! * [`guest`]: a hostile guest.
//! * [`dumped`]: what it reads of that.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod dumped;
mod guest;
mod markers;
mod readable;
mod table;
