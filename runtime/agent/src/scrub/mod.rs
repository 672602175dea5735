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

pub use crate::tree::TreeError;
use crate::tree::{self, For};
pub use known::KnownValues;

/// What stands in a secret's place.
pub(crate) const HIDDEN: &str = "********";

/// Hides secrets in YAML and JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrubber {
    keys: BTreeSet<String>,
}

impl Scrubber {
    /// Hides also all that is below these keys, which are compared as they are.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = String>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    /// Hides what came from a handle (at the `resolved` places), what is below a key that names a secret, what looks like
    /// one, and every `known` value. What comes back may be shown; it is YAML, unless a value was found across the YAML itself.
    ///
    /// API and application keys keep their last characters, as many as [`portcullis_secrets::mask`] leaves.
    ///
    /// # Errors
    /// The text is not understood, so what is secret in it cannot be told, or what would be shown is too long.
    pub fn scrub(
        &self,
        text: &[u8],
        resolved: &[SettingPath],
        known: &KnownValues,
    ) -> Result<String, TreeError> {
        let mut documents = tree::read(text, For::People)?;
        hide::hide(&mut documents, &self.keys, resolved, known);
        known.hide_in_all(tree::written(&documents)?)
    }
}
