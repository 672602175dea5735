//! The component that both runtimes run: `guest/echo.wat`, wrapped for the world of secret backends.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The bytes of the echo component.
pub(crate) fn echo() -> anyhow::Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit"))?;
    let world = resolve.select_world(&[package], Some("backend"))?;
    let mut module = wat::parse_str(include_str!("../guest/echo.wat"))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().module(&module)?.validate(true).encode()
}

/// So many different handles, as long as handles are in configurations.
pub(crate) fn handles(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("datadog/production/key-{number:06}")).collect()
}
