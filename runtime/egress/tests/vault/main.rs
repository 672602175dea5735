//! Vault tokens: logins, their time, and a store that says no.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/host.rs"]
mod host;
#[cfg(feature = "aws")]
#[path = "../cloud/sigv4.rs"]
mod sigv4;
#[path = "../support/store.rs"]
mod store;

#[cfg(feature = "aws")]
mod iam;
mod lifetime;
mod logins;
mod refusals;
mod stub;
mod together;
