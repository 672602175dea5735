//! Sends the requests that a policy allows, and no others. The only home of sockets, name lookups and TLS.
//!
//! A [`Client`] belongs to one provider. It takes an [`AuthorizedRequest`](portcullis_policy::AuthorizedRequest), attaches
//! the credential that the guest never holds, dials the addresses that the policy accepted, and gives back an answer
//! that is bounded, timed and cleaned of the credential.
//!
//! * [`client`]: one for each provider; its connections stay open between batches.
//! * [`connection`]: one for each origin and TLS identity; one lookup, whose answer the policy judges; TLS.
//! * [`body`]: what goes out and what comes back, a piece at a time, within the limits.
//! * [`credential`]: what is attached, where it comes from, when it is made anew.
//! * [`scrub`]: known credential bytes do not come back. Defence in depth: a store that wants to show a credential in a
//!   form of its own can.
//! * [`error`]: why a request did not happen or did not end.
//! * [`inputs`]: files and variables of the host, read through whoever embeds this.

#![forbid(unsafe_code)]

mod body;
mod client;
mod connection;
mod credential;
mod error;
mod inputs;
mod scrub;

pub use body::{RequestBody, ResponseBody};
pub use client::{Client, ClientBuilder, GuestTimeouts};
pub use connection::{Lookup, SetupError, SystemLookup};
pub use credential::CredentialError;
pub use error::SendError;
pub use inputs::{InputError, Inputs, Stamp};
