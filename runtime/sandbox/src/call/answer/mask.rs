//! Values taken out of messages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use zeroize::Zeroizing;

/// What stands where a message contained a value.
const MASK: &str = "********";

/// Shorter values are masked only as whole words: as parts of words they would make every message unreadable.
const ANYWHERE: usize = 4;

/// Room for a message to begin with, in bytes: what is longer is cut later.
const MOST: usize = 8 << 10;

/// Of a longer value the matcher knows so many bytes; what follows is compared where they are found. A matcher of whole
/// values would take a hundred times their memory, and a guest chooses their length.
const HEAD: usize = 64;

/// Most of a message that is looked at, in bytes: less than a tenth of it is passed on.
const WINDOW: usize = 64 << 10;

/// The values that no message may hold.
///
/// Two matchers, or a short value that stays, as a part of a word, would hide a long one that it overlaps.
pub(super) struct Masks {
    /// Masked wherever they are.
    long: Option<Long>,
    /// Masked as whole words, each with all that it overlaps: they are few bytes, so that few end at one place.
    short: Option<AhoCorasick>,
}

/// Values by their heads.
struct Long {
    heads: AhoCorasick,
    /// For each head, the whole values that begin with it.
    values: Vec<Vec<Zeroizing<Vec<u8>>>>,
}

impl Masks {
    pub(super) fn new<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let (long, short): (BTreeSet<&str>, BTreeSet<&str>) =
            values.partition(|value| value.len() >= ANYWHERE);
        let short =
            (!short.is_empty()).then(|| matcher(short.iter().map(|v| v.as_bytes()), MatchKind::Standard));
        Self { long: Long::new(&long), short: short.flatten() }
    }

    pub(super) fn apply(&self, mut message: String) -> String {
        let windowed = message.len() > WINDOW;
        message.truncate(message.floor_char_boundary(WINDOW));
        if let Some(long) = &self.long {
            // What is masked may hold a value.
            let whole = Zeroizing::new(message);
            let mut ranges = long.ranges(&whole);
            if windowed {
                // A value may begin where the window ends.
                ranges.push(whole.floor_char_boundary(whole.len().saturating_sub(HEAD))..whole.len());
            }
            message = replaced(&whole, ranges.into_iter());
        }
        if let Some(short) = &self.short {
            let whole = Zeroizing::new(message);
            let found = short.find_overlapping_iter(whole.as_str()).map(|found| found.range());
            message = replaced(&whole, found.filter(|range| is_word(&whole, range)));
        }
        message
    }
}

impl Long {
    fn new(values: &BTreeSet<&str>) -> Option<Self> {
        let mut by_head: BTreeMap<&[u8], Vec<Zeroizing<Vec<u8>>>> = BTreeMap::new();
        for value in values {
            let value = value.as_bytes();
            let head = value.get(..HEAD).unwrap_or(value);
            by_head.entry(head).or_default().push(Zeroizing::new(value.to_vec()));
        }
        if by_head.is_empty() {
            return None;
        }
        let heads = matcher(by_head.keys().copied(), MatchKind::LeftmostLongest)?;
        Some(Self { heads, values: by_head.into_values().collect() })
    }

    /// Where the text has a value, or the beginning of a longer one.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut from = 0;
        while let Some(found) = self.heads.find(Input::new(text).span(from..text.len())) {
            let rest = text.as_bytes().get(found.start()..).unwrap_or_default();
            let values = self.values.get(found.pattern().as_usize()).into_iter().flatten();
            let length = values.map(|value| common(rest, value)).max().unwrap_or_default();
            from = text.ceil_char_boundary(found.start().saturating_add(length).max(found.end()));
            ranges.push(text.floor_char_boundary(found.start())..from);
        }
        ranges
    }
}

fn matcher<'v>(values: impl Iterator<Item = &'v [u8]>, kind: MatchKind) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(kind).build(values).ok()
}

/// How many bytes both begin with.
fn common(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
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
