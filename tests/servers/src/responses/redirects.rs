//! Redirects.

use super::complete;
use crate::Script;

/// Answers every request with a redirect to this location.
pub fn to(status: &str, location: &str) -> Script {
    Script::answer(complete(status, &format!("location: {location}\r\n"), ""))
}
