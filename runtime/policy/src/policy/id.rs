//! The identity of a compiled policy.

use std::fmt;

use super::Policy;
use crate::Digest;

/// Identity of a compiled policy: two policies with the same provider, authority and limits have the same. Shown as 16
/// hexadecimal digits, in logs and metric labels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(Digest);

impl PolicyId {
    /// Stands where the identity is not computed yet.
    pub(super) const UNSET: Self = Self(Digest::ZERO);

    /// The digest of the policy's canonical form, which is what `explain` shows, but for remarks: where a value came
    /// from, what was narrowed, and lints change nothing about what the provider may do.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut form = policy.explain();
        form.narrowed.clear();
        form.derived_from.clear();
        form.lints.clear();
        for limit in &mut form.limits {
            limit.origin.clear();
            limit.reason = "";
        }
        // A map without non-text keys always has a JSON form.
        Self(Digest::of(serde_json::to_string(&form).unwrap_or_default().as_bytes()))
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_hex().chars().take(16).try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
