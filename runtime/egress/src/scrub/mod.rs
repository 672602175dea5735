//! Known credential bytes do not reach the guest: they are masked where they come back.

mod patterns;
mod stream;

use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use secrecy::SecretString;

pub(crate) use stream::StreamScrubber;

/// What stands in the place of each byte.
const MASK: u8 = b'*';

/// Finds the forms of some secrets in bytes and text. Cheap to clone; `Debug` shows nothing of them.
#[derive(Clone, Default)]
pub(crate) struct Scrubber(Option<Arc<Finder>>);

struct Finder {
    /// Says quickly whether there is anything at all, which is rare.
    any: AhoCorasick,
    /// Finds all, those that overlap included.
    automaton: AhoCorasick,
    longest: usize,
}

impl Scrubber {
    /// For these secrets. Those of fewer than six bytes are not looked for: they occur by chance.
    #[must_use]
    pub(crate) fn new(secrets: &[SecretString]) -> Self {
        let forms = patterns::forms(secrets);
        let longest = forms.iter().map(|form| form.len()).max().unwrap_or_default();
        if longest == 0 {
            return Self(None);
        }
        let build = |kind: MatchKind| {
            AhoCorasick::builder().match_kind(kind).build(forms.iter().map(|form| form.as_slice()))
        };
        let both = build(MatchKind::LeftmostFirst).and_then(|any| Ok((any, build(MatchKind::Standard)?)));
        Self(both.ok().map(|(any, automaton)| Arc::new(Finder { any, automaton, longest })))
    }

    /// Masks every form in bytes that are all there. Whether there was one.
    pub(crate) fn scrub(&self, bytes: &mut [u8]) -> bool {
        let Some(finder) = &self.0 else { return false };
        let places = finder.places(bytes);
        for place in &places {
            if let Some(found) = bytes.get_mut(place.clone()) {
                found.fill(MASK);
            }
        }
        !places.is_empty()
    }

    /// Whether there is anything to look for.
    #[must_use]
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Finder {
    /// Where a form is, those that overlap included.
    fn places(&self, bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
        if !self.any.is_match(bytes) {
            return Vec::new();
        }
        self.automaton.find_overlapping_iter(bytes).map(|found| found.range()).collect()
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Scrubber(nothing)" } else { "Scrubber(…)" })
    }
}

#[cfg(test)]
mod tests;
