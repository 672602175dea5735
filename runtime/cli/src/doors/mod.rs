//! One module a door.

#[cfg(unix)]
pub(crate) mod agent;
pub(crate) mod artefacts;
pub(crate) mod compile;
pub(crate) mod connector;
pub(crate) mod doctor;
pub(crate) mod exec;
pub(crate) mod inspect;
pub(crate) mod policy;
pub(crate) mod resolve;
#[cfg(unix)]
pub(crate) mod runner;
#[cfg(unix)]
pub(crate) mod secret;
pub(crate) mod worker;
