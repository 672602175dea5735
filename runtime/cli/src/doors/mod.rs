//! One module a door.

pub(crate) mod artefacts;
pub(crate) mod compile;
pub(crate) mod connector;
pub(crate) mod doctor;
pub(crate) mod exec;
pub(crate) mod inspect;
pub(crate) mod policy;
pub(crate) mod resolve;
pub(crate) mod worker;
