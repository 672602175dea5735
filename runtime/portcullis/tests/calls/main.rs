//! What becomes of the calls of hostile backends, as a host that embeds [`Secrets`](portcullis::Secrets) sees it.
//!
//! * [`guest`]: components from `tests/guests`.
//! * [`answers`]: answers that are refused, and calls without one.
//! * [`timeouts`]: where the time limit comes from.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod answers;
mod guest;
mod timeouts;
