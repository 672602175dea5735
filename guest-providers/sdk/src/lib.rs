//! What a Portcullis secret backend in Rust needs: the contract, and the capabilities that WASI offers it.
//!
//! A backend is a type that implements [`Provider`], exported by [`export!`] from a binary crate:
//!
//! ```
//! use std::time::Duration;
//! use portcullis_guest::{Failure, Provider, Resolution};
//!
//! struct Greeter;
//!
//! impl Provider for Greeter {
//!     fn resolve(handles: Vec<String>, _deadline: Duration) -> Result<Vec<Resolution>, Failure> {
//!         Ok(handles.into_iter().map(|handle| { let value = format!("hello {handle}"); Resolution::found(handle, value) }).collect())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! On `wasm32-unknown-unknown` the parts of `std` that reach outside (files, environment, time, standard output) are
//! stubs. These modules stand in for them, each over one WASI interface, and a component imports only the interfaces of
//! the functions that it calls:
//!
//! * [`settings`]: what the operator configured, without credentials (`wasi:config`).
//! * [`files`]: the files and folders that the policy grants (`wasi:filesystem`); the trait [`files::Files`] lets a
//!   backend be tested without a sandbox.
//! * [`http`]: requests to the destinations that the policy grants (`wasi:http`), in parallel and tried again. [`json`]
//!   reads and writes what they carry.
//! * [`clock`]: wall clock and monotonic clock (`wasi:clocks`).
//! * [`log`]: lines for the operator (`wasi:cli/stderr`).

#[doc(hidden)]
#[allow(
    missing_docs,
    unsafe_code,
    unreachable_pub,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::use_self,
    clippy::uninlined_format_args,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::semicolon_if_nothing_returned,
    rust_2018_idioms,
    reason = "generated code"
)]
pub mod bindings;
pub mod clock;
#[doc(hidden)]
pub mod export;
pub mod files;
pub mod http;
pub mod log;
mod provider;
pub mod settings;

pub use portcullis_compat::json;
pub use provider::{Failure, FailureKind, Provider, Resolution, Secret};

// The generated export macro names this crate's own path.
extern crate self as portcullis_guest;
