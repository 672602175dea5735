//! From a core module in text form to a component.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Wraps a core module as a component of a backend's world that also has these imports.
pub(crate) fn wrap(module: &str, imports: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    resolve.push_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit")).expect("the WIT package");
    let world = format!(
        "package test:guest;\nworld guest {{ include portcullis:secrets/backend@0.1.0; {imports} }}\n"
    );
    let package = resolve.push_str("guest.wit", &world).expect("a world");
    let world = resolve.select_world(&[package], Some("guest")).expect("the world");
    let mut module = wat::parse_str(module).expect("a module");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .expect("a world's module");
    let mut encoder = ComponentEncoder::default();
    encoder.module(&module).expect("a guest").validate(true).encode().expect("a component")
}
