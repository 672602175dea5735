//! The `Retry-After` header. Pure.

/// Seconds to wait, where the header names seconds.
///
/// A date is not read: it says what the server's clock will show, and that may be anything. Then the usual wait counts.
pub(super) fn seconds(value: &[u8]) -> Option<u32> {
    let value = value.trim_ascii();
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = std::str::from_utf8(value).ok()?;
    // More than fits is as good as for ever.
    Some(digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn seconds_are_read_and_dates_are_not() {
        let rows: [(&[u8], Option<u32>); 12] = [
            (b"0", Some(0)),
            (b"120", Some(120)),
            (b" 7\t", Some(7)),
            (b"007", Some(7)),
            (b"4294967296", Some(u32::MAX)),
            (b"99999999999999999999999999", Some(u32::MAX)),
            (b"", None),
            (b"-1", None),
            (b"+1", None),
            (b"1.5", None),
            (b"Wed, 21 Oct 2026 07:28:00 GMT", None),
            (b"1\xff", None),
        ];
        for (value, expected) in rows {
            assert_eq!(seconds(value), expected, "{value:?}");
        }
    }
}
