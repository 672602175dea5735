//! What comes of resolving a text.

use std::fmt::{self, Debug, Formatter};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::handle::Handle;
use crate::scope::OutOfScope;
use crate::setting_path::SettingPath;

/// A text with its references resolved as far as possible.
pub struct Answer {
    /// The text; what could not be resolved keeps its `ENC[…]`.
    pub text: Zeroizing<Vec<u8>>,
    /// The handles that could not be resolved, in the order of the text.
    pub failures: Vec<Unresolved>,
    /// The handles that this configuration may not use, in the order of the text. They are not failures.
    pub refused: Vec<OutOfScope>,
}

impl Answer {
    /// A text in which nothing was to be resolved.
    #[must_use]
    pub fn unchanged(text: &[u8]) -> Self {
        Self { text: text.to_vec().into(), failures: Vec::new(), refused: Vec::new() }
    }
}

/// Shows how long the text is, not what it says.
impl Debug for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("bytes", &self.text.len())
            .field("failures", &self.failures)
            .field("refused", &self.refused)
            .finish()
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
