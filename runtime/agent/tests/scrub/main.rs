//! What `configcheck` shows, and that nothing secret is in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod documents;
mod keys;
mod laws;
mod strings;

use portcullis_agent::scrub::{KnownValues, Scrubber, TreeError};
use portcullis_secrets::SettingPath;

/// Scrubbed with nothing known.
fn plain(text: &str) -> String {
    shown(text, &[], &[])
}

/// Scrubbed with resolved places (`/` between elements) and known values.
fn shown(text: &str, places: &[&str], values: &[&str]) -> String {
    scrubbed(text.as_bytes(), places, values).unwrap()
}

fn scrubbed(text: &[u8], places: &[&str], values: &[&str]) -> Result<String, TreeError> {
    let places: Vec<SettingPath> = places.iter().map(|place| SettingPath::new(place.split('/'))).collect();
    let known = KnownValues::new(values.iter().copied()).unwrap();
    Scrubber::default().scrub(text, &places, &known)
}
