//! One function for each guest, by area: the policy that it runs under and the end that it must come to.

pub(crate) mod clocks;
pub(crate) mod compile;
pub(crate) mod compute;
pub(crate) mod credential;
pub(crate) mod environment;
pub(crate) mod exit;
pub(crate) mod files;
pub(crate) mod imports;
pub(crate) mod load;
pub(crate) mod memory;
pub(crate) mod network;
pub(crate) mod policy;
pub(crate) mod protocol;
pub(crate) mod random;
pub(crate) mod routes;
pub(crate) mod secrets;
pub(crate) mod stdio;
pub(crate) mod trust;
