//! Settings of the right types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Decoded settings. Each is named by its dotted path as in the table (`file_path`,
/// `vault_session.vault_role_id`).
///
/// A setting that was not given, or given as null, reads as the zero of its type. `Debug` prints names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    pub(super) values: BTreeMap<String, Setting>,
    pub(super) given: BTreeSet<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Setting {
    Str(String),
    Int(i64),
    Bool(bool),
}

impl Decoded {
    /// The text of a setting, or "".
    #[must_use]
    pub fn string(&self, path: &str) -> &str {
        if let Some(Setting::Str(text)) = self.values.get(path) { text } else { "" }
    }

    /// The number of a setting, or 0.
    #[must_use]
    pub fn int(&self, path: &str) -> i64 {
        if let Some(Setting::Int(number)) = self.values.get(path) { *number } else { 0 }
    }

    /// The flag of a setting, or false.
    #[must_use]
    pub fn bool(&self, path: &str) -> bool {
        matches!(self.values.get(path), Some(Setting::Bool(true)))
    }

    /// Was the setting given under exactly this spelling, be it as null?
    ///
    /// This is what the reference asks before it sets a default (`docker.secrets`: `secrets_path`), and it is
    /// stricter about case than reading the setting is.
    #[must_use]
    pub fn is_given(&self, path: &str) -> bool {
        self.given.contains(path)
    }
}

impl fmt::Debug for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}
