//! Servers that misbehave, and some that do not, on 127.0.0.1, in the process of the test.
//!
//! A [`Server`] listens on a port of its own, counts what it sees ([`Seen`]), and is gone when it is dropped. What it does
//! with a connection is its [`Behaviour`]: mostly a [`Script`], which is steps over raw bytes. A server that is to be slow
//! waits for what never comes, and never for a time.
//!
//! * [`echo`]: gives a request back as it came, in many forms.
//! * [`issuer`]: gives out credentials, and is the store that shows them.
//! * [`responses`]: answers by raw bytes: redirects, floods, drips, wrong lengths, …
//! * [`handshake`]: what happens before there is a request.
//! * [`h2`]: HTTP/2 by raw frames.
//! * [`certificates`]: authorities and identities, good and bad.

#![forbid(unsafe_code)]

pub mod certificates;
mod connection;
pub mod echo;
pub mod h2;
pub mod handshake;
pub mod issuer;
pub mod responses;
mod script;
mod seen;
mod server;

pub use connection::{Connection, Received};
pub use script::{Script, Step};
pub use seen::Seen;
pub use server::{Behaviour, Server};
