//! Logins at a real server, `bao` of OpenBao: `cargo xtask servers` installs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/host.rs"]
mod host;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/store.rs"]
mod store;

mod lifetime;
mod logins;
mod server;
