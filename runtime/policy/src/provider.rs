//! The name under which a provider is known in policies, routes, events and errors.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// Longest accepted provider name, in bytes: a name is part of log lines and metric labels.
const MAX_NAME: usize = 128;

/// A provider's name: 1 to 128 ASCII letters, digits, `-`, `_` and `.`. Cheap to clone.
///
/// ```
/// use portcullis_policy::ProviderName;
/// let name = ProviderName::new("vault-eu.1")?;
/// assert_eq!(name.as_str(), "vault-eu.1");
/// assert!(ProviderName::new("two words").is_err());
/// # Ok::<(), portcullis_policy::ProviderNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderName(Arc<str>);

/// A name that cannot be a provider's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no provider name: use 1 to {MAX_NAME} letters, digits, `-`, `_` and `.`", .found.escape_debug())]
pub struct ProviderNameError {
    /// What was given.
    pub found: String,
}

impl ProviderName {
    /// Checks and takes a name.
    ///
    /// # Errors
    /// When the name is empty, too long or has another character.
    pub fn new(name: &str) -> Result<Self, ProviderNameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(allowed) {
            return Err(ProviderNameError { found: name.chars().take(MAX_NAME).collect() });
        }
        Ok(Self(name.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for ProviderName {
    fn borrow(&self) -> &str {
        &self.0
    }
}
