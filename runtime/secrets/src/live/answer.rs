//! What comes of resolving a text.

use std::fmt::{self, Debug, Formatter};

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::change::Value;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::scope::OutOfScope;
use crate::setting_path::SettingPath;

/// A text with its references resolved as far as possible.
pub struct Answer {
    /// The text; what could not be resolved keeps its `ENC[…]`.
    pub text: Zeroizing<Vec<u8>>,
    /// The places that have a value now, in the order of the text.
    pub resolved: Vec<ResolvedPlace>,
    /// The handles that could not be resolved, in the order of the text.
    pub failures: Vec<Unresolved>,
    /// The handles that this configuration may not use, in the order of the text. They are not failures.
    pub refused: Vec<OutOfScope>,
}

impl Answer {
    /// A text in which nothing was to be resolved.
    #[must_use]
    pub fn unchanged(text: &[u8]) -> Self {
        Self { text: text.to_vec().into(), resolved: Vec::new(), failures: Vec::new(), refused: Vec::new() }
    }
}

/// Shows how long the text is, not what it says.
impl Debug for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("bytes", &self.text.len())
            .field("resolved", &self.resolved)
            .field("failures", &self.failures)
            .field("refused", &self.refused)
            .finish()
    }
}

/// A place of a text that has a value now.
#[derive(Clone)]
pub struct ResolvedPlace {
    pub(super) handle: Handle,
    pub(super) path: SettingPath,
    pub(super) value: Value,
}

impl ResolvedPlace {
    /// The handle that was there.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Where.
    #[must_use]
    pub fn path(&self) -> &SettingPath {
        &self.path
    }

    /// The value that is there now, which a refresh may have changed since: what must not be shown of this text.
    #[must_use]
    pub fn value(&self) -> &SecretString {
        &self.value
    }
}

/// Shows where, not what.
impl Debug for ResolvedPlace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "ResolvedPlace({} at {})", self.handle, self.path)
    }
}

/// A handle of a text that could not be resolved. Displayed as agents write it: `handle "db": no such secret`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("handle \"{handle}\": {failure}")]
pub struct Unresolved {
    /// The handle.
    pub handle: Handle,
    /// Every place in the text that keeps its `ENC[…]` for it.
    pub paths: Vec<SettingPath>,
    /// Why.
    pub failure: Failure,
}
