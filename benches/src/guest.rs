//! The component that both runtimes run: `guest/echo.wat`, wrapped for the world of secret backends.

/// The bytes of the echo component.
pub(crate) fn echo() -> anyhow::Result<Vec<u8>> {
    portcullis_assemble::component(include_str!("../guest/echo.wat"), portcullis_assemble::BACKEND)
}

/// So many different handles, as long as handles are in configurations.
pub(crate) fn handles(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("datadog/production/key-{number:06}")).collect()
}
