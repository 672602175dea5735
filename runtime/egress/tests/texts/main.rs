//! Credentials that are a text: from a file, a variable or the policy, in a header.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/host.rs"]
mod host;
#[path = "../support/store.rs"]
mod store;

mod attached;
mod rotation;
mod sources;
