//! A JSON text as a tree.

use std::fmt;

/// One JSON value. Order and repeated keys are kept, and a number is its source text.
///
/// [`parse`](super::parse) bounds how deep a tree is. Who builds one in another way bounds it too: most
/// functions on trees recurse.
///
/// `Debug` shows shape and keys but no string and no number: settings may hold credentials.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, decoded.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object: its members in order, repeated keys included. The last one counts.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// The member of that very key, the last if there are several; nothing if this is no object.
    #[must_use]
    pub fn get_last(&self, key: &str) -> Option<&Self> {
        self.as_object()?.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(String, Self)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(_) => f.write_str("Bool(_)"),
            Self::Number(_) => f.write_str("Number(_)"),
            Self::String(_) => f.write_str("String(_)"),
            Self::Array(items) => f.debug_list().entries(items).finish(),
            Self::Object(members) => {
                f.debug_map().entries(members.iter().map(|(key, value)| (key, value))).finish()
            }
        }
    }
}
