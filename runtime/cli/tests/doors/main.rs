//! The command's doors, driven as an operator or an agent drives them: the real binary with the providers it carries.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are its own"
)]
#![cfg(unix)]

mod agent;
mod artefacts;
mod ceiling;
mod compile;
mod doctor;
mod egress;
mod exec;
mod files;
mod first_run;
mod hostile;
mod inspect;
mod policy;
mod policy_request;
mod resolve;
mod rights;
mod runner;
mod secrecy;
mod support;
mod trust;
mod wall;
mod worker;
