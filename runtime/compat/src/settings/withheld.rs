//! Which settings a guest does not see.

use std::collections::BTreeSet;

use super::flatten::flatten;
use crate::json::Value;

/// The dotted names of the settings that are given and not seen, or not as they are; no value.
///
/// ```
/// use portcullis_compat::{json::parse, settings::{guest_view, schema, withheld}};
///
/// let given = parse(br#"{"aws_session":{"aws_region":"eu-west-1","aws_profile":"p"}}"#)?;
/// let seen = guest_view(schema("aws.ssm").ok_or("no such type")?, &given);
/// assert_eq!(withheld(&given, &seen), ["aws_session.aws_profile"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn withheld(given: &Value, seen: &Value) -> Vec<String> {
    let seen: BTreeSet<_> = flatten(seen).into_iter().collect();
    let hidden = |pair: &(String, String)| !pair.0.is_empty() && !seen.contains(pair);
    let names: BTreeSet<String> = flatten(given).into_iter().filter(hidden).map(|(name, _)| name).collect();
    names.into_iter().collect()
}
