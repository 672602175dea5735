//! Foreign text in a message.

/// Longest text of a request in a message, in bytes.
const LONGEST: usize = 256;

/// The text on one line, without control characters, and cut.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if shown.len() > LONGEST {
        let mut end = LONGEST;
        while !shown.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, shown};

    #[test]
    fn a_text_is_one_line_and_not_long() {
        assert_eq!(shown("GET https://h/a"), "GET https://h/a");
        assert_eq!(shown("a\r\nb\u{1b}[31m"), "a\u{fffd}\u{fffd}b\u{fffd}[31m");
        let long = shown(&"\u{20ac}".repeat(LONGEST));
        assert!(long.len() <= LONGEST + '…'.len_utf8() && long.ends_with('…'), "{long}");
    }
}
