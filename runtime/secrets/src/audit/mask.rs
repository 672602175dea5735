//! How much of a value a record shows.

use std::sync::Arc;

use crate::setting_path::SettingPath;

/// Whether a value is an API or application key: 32 or 40 hex digits, used at a place whose last element ends in `key`,
/// in whatever case.
#[must_use]
pub fn is_likely_key(value: &str, places: &[(Arc<str>, SettingPath)]) -> bool {
    let looks_like_one = matches!(value.len(), 32 | 40) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    looks_like_one && places.iter().any(|(_, path)| ends_in_key(path))
}

fn ends_in_key(path: &SettingPath) -> bool {
    let last = path.elements().last().map_or(&[][..], |last| last.as_bytes());
    last.len()
        .checked_sub(3)
        .and_then(|start| last.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(b"key"))
}

/// The text with all but its last characters as stars: of up to 4 characters none stays, of up to 7 one, of up to 15 two,
/// of up to 31 three, of more four.
#[must_use]
pub fn mask(value: &str) -> String {
    let length = value.chars().count();
    let shown = match length {
        0..=4 => return "********".to_owned(),
        5..=7 => 1,
        8..=15 => 2,
        16..=31 => 3,
        _ => 4,
    };
    let hidden = length.saturating_sub(shown);
    std::iter::repeat_n('*', hidden).chain(value.chars().skip(hidden)).collect()
}
