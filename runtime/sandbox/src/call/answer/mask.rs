//! Values taken out of messages.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use zeroize::Zeroizing;

/// What stands where a message contained a value.
const MASK: &str = "********";

/// Shorter values are masked only as whole words: as parts of words they would make every message unreadable.
const ANYWHERE: usize = 4;

/// Room for a message to begin with, in bytes: what is longer is cut later.
const MOST: usize = 8 << 10;

/// The values that no message may hold.
///
/// Two matchers, or a short value that stays, as a part of a word, would hide a long one that it overlaps.
pub(super) struct Masks {
    /// Masked wherever they are.
    long: Option<AhoCorasick>,
    /// Masked as whole words, each with all that it overlaps: they are few bytes, so that few end at one place.
    short: Option<AhoCorasick>,
}

impl Masks {
    pub(super) fn new<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let (long, short): (BTreeSet<&str>, BTreeSet<&str>) =
            values.partition(|value| value.len() >= ANYWHERE);
        let matcher = |values: BTreeSet<&str>, kind| {
            let matcher = (!values.is_empty()).then(|| AhoCorasick::builder().match_kind(kind).build(values));
            matcher.and_then(Result::ok)
        };
        Self { long: matcher(long, MatchKind::LeftmostLongest), short: matcher(short, MatchKind::Standard) }
    }

    pub(super) fn apply(&self, mut message: String) -> String {
        if let Some(long) = &self.long {
            // What is masked may hold a value.
            let whole = Zeroizing::new(message);
            message = replaced(&whole, long.find_iter(whole.as_str()).map(|found| found.range()));
        }
        if let Some(short) = &self.short {
            let whole = Zeroizing::new(message);
            let found = short.find_overlapping_iter(whole.as_str()).map(|found| found.range());
            message = replaced(&whole, found.filter(|range| is_word(&whole, range)));
        }
        message
    }
}

/// The text with a mask for every range, and one for those that overlap. The ranges are in the order of their ends.
fn replaced(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> String {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mut range in ranges {
        while let Some(last) = joined.pop_if(|last| last.end > range.start) {
            range.start = range.start.min(last.start);
        }
        joined.push(range);
    }
    let mut out = String::with_capacity(text.len().min(MOST));
    let mut done = 0;
    for range in joined {
        out.push_str(text.get(done..range.start).unwrap_or_default());
        out.push_str(MASK);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Whether nothing that belongs to a word is directly beside the range.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}
