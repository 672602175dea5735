//! How the command that Portcullis replaces reads and writes its data.
//!
//! Agents in the field depend on the fine print: which settings a backend accepts, what a duplicate key
//! means, the exact text of an error. This crate holds that fine print once, for the guests that stand in for
//! a backend and for the host around them. It is pure (text in, values out), depends on nothing and also
//! compiles to WebAssembly.
//!
//! * [`json`]: JSON as Go's `encoding/json` reads and writes it, with its error texts.
//! * [`settings`]: what the settings of each built-in backend type are, how they are decoded, and which of
//!   them a guest may see.
//! * [`exec`]: the exec protocol: the request on standard input, the answer on standard output.
//! * [`go`]: smaller things of Go that show through: paths, operating system errors, how a value is printed.
//!
//! Values may be secrets: nothing here logs, and no `Debug` form prints one.

#![forbid(unsafe_code)]

pub mod exec;
pub mod go;
pub mod json;
pub mod settings;
