//! YAML text as a tree whose every node knows its place, and readers that fail with that place.

mod error;
mod field;
mod node;

pub use error::FileError;
pub(crate) use field::{Field, Section, quoted};
pub(crate) use node::{Node, Value};
