//! A flat map of strings: what `file.json` holds, and what some stores answer.

use std::collections::BTreeMap;
use std::fmt;

use super::check::check;
use super::cursor::{Cursor, Kind};
use super::error::Error;
use super::type_error::{Found, TypeError};

/// Keys with their values. `Debug` prints the keys only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StringMap {
    entries: BTreeMap<String, String>,
}

impl StringMap {
    /// The value of that very key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.get(key).map(String::as_str)
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// No key at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The map itself.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, String> {
        self.entries
    }
}

impl fmt::Debug for StringMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

/// Decodes a text as Go decodes into a `map[string]string`: a null value is the empty string, the last of
/// repeated keys counts, a null document is an empty map.
///
/// # Errors
/// The text is not JSON, or a value (the first is named) or the whole is of another type.
///
/// ```
/// use portcullis_compat::json::string_map;
///
/// assert_eq!(string_map(br#"{"a":"x","n":null}"#)?.get("n"), Some(""));
/// let error = string_map(br#"{"a":"x","b":1}"#).unwrap_err();
/// assert_eq!(error.to_string(), "json: cannot unmarshal number into Go value of type string");
/// # Ok::<(), portcullis_compat::json::Error>(())
/// ```
pub fn string_map(text: &[u8]) -> Result<StringMap, Error> {
    let mut cursor = Cursor::new(check(text)?);
    match cursor.kind() {
        Kind::Null => Ok(StringMap::default()),
        Kind::Object => read_members(&mut cursor),
        kind => Err(mismatch(kind, "map[string]string")),
    }
}

fn read_members(cursor: &mut Cursor<'_>) -> Result<StringMap, Error> {
    let mut map = StringMap::default();
    cursor.enter();
    while cursor.more() {
        let key = cursor.key();
        let value = match cursor.kind() {
            Kind::String => cursor.string(),
            Kind::Null => {
                cursor.skip();
                String::new()
            }
            kind => return Err(mismatch(kind, "string")),
        };
        map.entries.insert(key, value);
    }
    Ok(map)
}

fn mismatch(kind: Kind, wanted: &'static str) -> Error {
    TypeError::new(Found::from(kind), wanted).into()
}
