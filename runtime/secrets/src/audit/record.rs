//! What a line of the audit file says.

use std::time::SystemTime;

use serde::Serialize;

use crate::handle::Handle;

use super::time;

/// One refresh that changed something: when, and every handle that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// When the refresh was over.
    pub time: SystemTime,
    /// The handles, sorted.
    pub entries: Vec<AuditEntry>,
}

/// A handle in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The handle.
    pub handle: Handle,
    /// The new value, masked, if it is an API or application key: operators tell their keys by the last four digits.
    pub masked: Option<String>,
}

#[derive(Serialize)]
struct Entry<'a> {
    handle: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

impl AuditRecord {
    /// The line, with its line break: `{"time":"…","data":[{"handle":"…"},{"handle":"…","value":"****…abcd"}]}`.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        let entries: Vec<Entry<'_>> = self
            .entries
            .iter()
            .map(|entry| Entry { handle: entry.handle.as_str(), value: entry.masked.as_deref() })
            .collect();
        line(self.time, &entries)
    }
}

/// A line of this time, with `data`. As the agent writes it, `<`, `>`, `&` and the line separators of Unicode are escaped.
pub(super) fn line(time: SystemTime, data: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Line<'a, D> {
        time: &'a str,
        data: &'a D,
    }
    // Writing plain data to memory fails only if the data refuses to be written, and ours does not.
    let json = serde_json::to_string(&Line { time: &time::text(time), data }).unwrap_or_default();
    let mut line = Vec::with_capacity(json.len().saturating_add(1));
    for c in json.chars() {
        match c {
            // Outside of strings JSON has none of these.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                line.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            }
            _ => line.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    line.push(b'\n');
    line
}
