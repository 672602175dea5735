//! The last check: values that are known to be secret are not in what is shown.

use std::fmt::{self, Debug, Formatter};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use zeroize::Zeroizing;

use super::HIDDEN;
use crate::tree::{self, TreeError};

/// Values to look for, as they are and as JSON and we would write them inside of quotes.
///
/// Values of less than six bytes are not looked for: they would be found in innocent words. Nor are those of nothing but
/// stars. Such are still hidden at their places.
#[derive(Clone, Default)]
pub struct KnownValues {
    found: Option<AhoCorasick>,
}

/// The shortest value that is looked for, in bytes.
const SHORTEST: usize = 6;
/// How often a text is looked through. A hidden value can make another one of what is around it, with ever fewer bytes.
const MOST_ROUNDS: usize = 64;

impl KnownValues {
    /// Those values.
    ///
    /// # Errors
    /// They are too long together for a search: more than two billion bytes.
    pub fn new<'v>(values: impl IntoIterator<Item = &'v str>) -> Result<Self, TooManyValues> {
        let mut forms = Vec::new();
        for value in values {
            if value.len() < SHORTEST || value.bytes().all(|byte| byte == b'*') {
                continue;
            }
            forms.extend([value.to_owned(), tree::escaped(value)].map(Zeroizing::new));
            forms.extend(json(value));
        }
        forms.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        forms.dedup();
        if forms.is_empty() {
            return Ok(Self::default());
        }
        let found = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(forms.iter().map(|form| form.as_bytes()))
            .map_err(|_| TooManyValues)?;
        Ok(Self { found: Some(found) })
    }

    /// A string without them.
    pub(super) fn hide_in(&self, text: &str) -> String {
        self.replaced(text.to_owned())
    }

    /// A whole text without them.
    pub(super) fn hide_in_all(&self, text: String) -> Result<String, TreeError> {
        let text = self.replaced(text);
        // Not reached: each round leaves fewer bytes that are not stars. What is not clean is not shown.
        if self.is_in(&text) { Err(TreeError::TooLong { limit: text.len() }) } else { Ok(text) }
    }

    fn replaced(&self, mut text: String) -> String {
        let Some(found) = &self.found else { return text };
        for _ in 0..MOST_ROUNDS {
            if !found.is_match(&text) {
                break;
            }
            let mut out = String::with_capacity(text.len());
            found.replace_all_with(&text, &mut out, |_, _, out| {
                out.push_str(HIDDEN);
                true
            });
            text = out;
        }
        text
    }

    fn is_in(&self, text: &str) -> bool {
        self.found.as_ref().is_some_and(|found| found.is_match(text))
    }
}

/// Values that cannot be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret values are too many and too long to be looked for in what is shown; nothing can be shown"
)]
pub struct TooManyValues;

/// Without the quotes.
fn json(value: &str) -> Option<Zeroizing<String>> {
    let quoted = Zeroizing::new(serde_json::to_string(value).ok()?);
    Some(Zeroizing::new(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned()))
}

/// Shows none of them.
impl Debug for KnownValues {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let forms = self.found.as_ref().map_or(0, AhoCorasick::patterns_len);
        f.debug_struct("KnownValues").field("forms", &forms).finish_non_exhaustive()
    }
}
