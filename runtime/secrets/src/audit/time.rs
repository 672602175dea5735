//! Times as the lines have them: RFC 3339, UTC, with as many digits of a second as it takes.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time as text. What the calendar cannot express (before 1970, after 9999) is the beginning of 1970.
pub(super) fn text(time: SystemTime) -> String {
    let mut text = String::new();
    if write!(text, "{}", humantime::format_rfc3339(time)).is_err() {
        return "1970-01-01T00:00:00Z".to_owned();
    }
    match text.strip_suffix('Z') {
        Some(digits) if digits.contains('.') => format!("{}Z", digits.trim_end_matches('0')),
        _ => text,
    }
}

/// The time of a line; `None` if it has none or is not JSON.
pub(super) fn of_line(line: &[u8]) -> Option<SystemTime> {
    #[derive(serde::Deserialize)]
    struct Line {
        time: String,
    }
    let line: Line = serde_json::from_slice(line).ok()?;
    humantime::parse_rfc3339(&line.time).ok()
}

/// Whether something of that time is older than `retention`. Nothing is, once the calendar ends.
pub(super) fn is_older(time: SystemTime, now: SystemTime, retention: Duration) -> bool {
    now.checked_sub(retention).unwrap_or(UNIX_EPOCH) > time
}
