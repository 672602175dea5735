//! What the tests stand on: a disk for the providers, and the tables.

pub(crate) mod disk;
pub(crate) mod table;
