//! The runner: as its daemon sees it, and as it sees its daemon.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are its own"
)]
#![cfg(unix)]

mod fake;
mod process;
mod served;
mod taken_over;
