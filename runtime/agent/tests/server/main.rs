//! The socket: who may ask, and what those do to it who ask badly.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod place;
mod requests;
mod running;
mod tls;

use running::Running;
