//! What `configcheck` shows: a resolved text with what is secret in it as `********`.
//!
//! * `keys`: which names tell of a secret. `words`: which pieces of a string are one. Both are those of the agent's scrubber.
//! * `hide`: the text's tree (`crate::tree`) without secrets.
//! * `known`: the last check: no value that is known to be secret is in what is shown ([`KnownValues`]).
//!
//! Only what was understood is shown: the text is written anew, so comments go, and a text that is not YAML is left away
//! whole. References that are not resolved (`ENC[…]`) stay readable, wherever they are.

mod hide;
mod keys;
mod known;
mod words;

use std::collections::BTreeSet;

use portcullis_secrets::SettingPath;
use thiserror::Error;

pub use known::KnownValues;

use crate::tree::{self, For, TreeError};

/// What stands in a secret's place.
pub(crate) const HIDDEN: &str = "********";

/// Hides secrets in YAML and JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrubber {
    keys: BTreeSet<String>,
}

/// A text that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrubbed {
    /// YAML, without a secret; empty if it was blanked.
    pub text: String,
    /// Why nothing is shown: a warning for the log.
    pub blanked: Option<Blanked>,
}

/// Why a text is not shown at all. The message has no byte of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Blanked {
    /// No text.
    #[error("not shown: it is not UTF-8")]
    NotUtf8,
    /// No YAML.
    #[error("not shown: line {line} is not YAML, so what is secret in it cannot be told")]
    NotYaml {
        /// From 1.
        line: usize,
    },
    /// Nested too deep.
    #[error("not shown: more than {limit} lists and maps are nested in each other")]
    TooDeep {
        /// How many may be.
        limit: usize,
    },
    /// Too long, as it would be shown.
    #[error("not shown: it would take more than {limit} bytes")]
    TooLong {
        /// How many it may take.
        limit: usize,
    },
}

impl From<TreeError> for Blanked {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::NotYaml { line } => Self::NotYaml { line },
            TreeError::TooDeep { limit } => Self::TooDeep { limit },
            TreeError::TooLong { limit } => Self::TooLong { limit },
        }
    }
}

impl Scrubber {
    /// Hides also all that is below these keys, which are compared as they are.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = String>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    /// Hides what came from a handle (at the `resolved` places), what is below a key that names a secret, what looks like
    /// one, and every `known` value.
    ///
    /// API and application keys keep their last characters, as many as [`portcullis_secrets::mask`] leaves.
    #[must_use]
    pub fn scrub(&self, text: &[u8], resolved: &[SettingPath], known: &KnownValues) -> Scrubbed {
        match self.scrubbed(text, resolved, known) {
            Ok(text) => Scrubbed { text, blanked: None },
            Err(blanked) => Scrubbed { text: String::new(), blanked: Some(blanked) },
        }
    }

    fn scrubbed(
        &self,
        text: &[u8],
        resolved: &[SettingPath],
        known: &KnownValues,
    ) -> Result<String, Blanked> {
        let text = std::str::from_utf8(text).map_err(|_| Blanked::NotUtf8)?;
        let mut documents = tree::read(text, For::People)?;
        hide::hide(&mut documents, &self.keys, resolved, known);
        known.hide_in_all(tree::written(&documents)?)
    }
}
