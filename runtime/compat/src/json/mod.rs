//! JSON as Go's `encoding/json` reads and writes it.
//!
//! The whole input is checked first ([`check`]), so a syntax error anywhere wins over a type error before it.
//! What passed is a [`Checked`] text, from which a tree ([`parse`]) or a string map ([`string_map`]) is read.

mod check;
mod cursor;
mod error;
mod quote;
mod string_map;
mod syntax_error;
mod tree;
mod type_error;
mod unquote;
mod value;
mod write;

pub use check::{Checked, MAX_DEPTH, check};
pub use error::Error;
pub use string_map::{StringMap, string_map};
pub use syntax_error::SyntaxError;
pub use tree::{MAX_TREE_DEPTH, parse};
pub use type_error::{Found, TypeError};
pub use value::Value;
pub use write::{quoted_len, write_string, write_value};

pub(crate) use cursor::{Cursor, Kind};
pub(crate) use tree::read;
