//! Tabs on the blank lines below a plain scalar.
//!
//! Some parsers (libyaml and what descends from it, as the agents' Go parsers do) read blank lines below a plain scalar
//! as a part of it and let tabs pass there, but refuse them below a quoted scalar. So they go when the scalar is
//! replaced.

use std::ops::Range;

/// The ranges from the first tab to the end of the leading blanks, on each line that `end` of a scalar is followed by,
/// as long as lines are blank.
pub(super) fn below(text: &str, end: usize) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let blanks_end = move |from: usize| {
        let blanks = bytes.iter().skip(from).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        from + blanks
    };
    let mut at = blanks_end(end);
    std::iter::from_fn(move || {
        while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
            let line = at + 1;
            at = blanks_end(line);
            if let Some(tab) = bytes.get(line..at).and_then(|blanks| memchr::memchr(b'\t', blanks)) {
                return Some(line + tab..at);
            }
        }
        None
    })
}
