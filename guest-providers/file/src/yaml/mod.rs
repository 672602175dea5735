//! YAML as a flat map of strings, by the rules of the Go library that the replaced command reads it with (YAML 1.1, not strict).
//!
//! * Any scalar keeps its source text: `0x1F`, `1_000`, `yes` and `2024-01-15` are not converted. A null is the empty string, a
//!   `!!binary` scalar is decoded.
//! * Only the first document counts, of repeated keys the last.
//! * Aliases work, and so does `<<`, which sets its keys at the place where it stands.
//! * A map or a list as a value fails the whole file, with its line.
//!
//! The way: bytes → `text` → `events` of the parser → `walk`, with `scalar` and `node` → map, or an [`Error`].

mod error;
mod events;
mod node;
mod scalar;
mod text;
mod walk;

use std::collections::BTreeMap;
use std::rc::Rc;

pub use error::Error;

/// Reads a file. Only keys that are `wanted` are kept, so that a file of very many keys costs no memory for the others.
///
/// # Errors
///
/// What makes the whole file unusable. The message quotes nothing of the file but the names of anchors.
pub fn string_map(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<BTreeMap<String, Rc<str>>, Error> {
    let text = text::decode(bytes)?;
    walk::first_document(&text, &wanted)
}

#[cfg(test)]
mod tests;
