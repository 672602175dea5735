//! The daemon: configurations of an agent, resolved and kept fresh, and a socket on which they are handed out.
//!
//! * [`server`]: who may ask, how much, and for how long. It knows HTTP and nothing of secrets.
//! * [`client`]: how the commands ask.
//! * [`configs`]: which documents there are.
//! * [`metrics`]: numbers for Prometheus.
//! * [`render`]: resolved texts as files in memory, for who cannot ask.
//! * [`runner`]: the process in which backends run.
//! * [`scrub`]: resolved texts to look at. `tree`: YAML as a tree, for it and for `configs`.
//!
//! It is the one crate that listens.

#![forbid(unsafe_code)]
#![cfg(unix)]

pub mod client;
pub mod configs;
pub mod daemon;
pub mod metrics;
pub mod render;
pub mod runner;
pub mod scrub;
pub mod server;
mod tree;
