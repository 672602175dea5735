//! From a core module in text form to a component: backends by hand, for what no compiler would emit.

#![forbid(unsafe_code)]

use anyhow::Context as _;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The world of a backend that imports nothing, as items of [`component`].
pub const BACKEND: &str = "include portcullis:secrets/backend@0.1.0;";

/// The world of a backend that imports these interfaces, as items of [`component`].
pub fn backend_with<'i>(imports: impl IntoIterator<Item = &'i str>) -> String {
    imports.into_iter().fold(BACKEND.to_owned(), |world, import| format!("{world} import {import};"))
}

/// Wraps a core module, in the text form of WebAssembly, as a component whose world has these items, in the text form of
/// WIT. Packages are those of `wit/`.
///
/// # Errors
///
/// Where either text is wrong, or the module does not fit the world.
pub fn component(module: &str, world: &str) -> anyhow::Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    resolve.push_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit"))?;
    let package =
        resolve.push_str("guest.wit", &format!("package test:guest;\nworld guest {{ {world} }}\n"))?;
    let world = resolve.select_world(&[package], Some("guest"))?;
    let mut module = wat::parse_str(module)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    let encoded = ComponentEncoder::default().module(&module)?.validate(true).encode();
    encoded.context("the module does not fit its world")
}
