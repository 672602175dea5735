//! What a table of settings says.

use crate::go::equal_fold;
use crate::json::Value;

/// The settings of one backend type.
#[derive(Debug)]
pub struct Schema {
    /// The backend type, as users write it.
    pub name: &'static str,
    /// Its settings.
    pub fields: &'static [Field],
}

/// One setting.
#[derive(Debug)]
pub struct Field {
    /// Its key. Users may write it in any case.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Who gets it.
    pub place: Place,
}

/// What a setting holds.
#[derive(Debug)]
pub enum Kind {
    /// Text.
    Str,
    /// A whole number. A fraction is cut off.
    Int64,
    /// Yes or no.
    Bool,
    /// A map of further settings. The place of the outer field is that of any key in it that the table does
    /// not know.
    Struct(&'static [Field]),
}

/// Who gets a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The guest reads it.
    Guest,
    /// It is a credential or selects one: the host uses it, and the guest never sees it.
    HostCredential,
    /// It says how TLS is done: the host uses it, and the guest never sees it.
    HostTls,
}

impl Kind {
    /// The Go type of the setting, as error texts name it. A map of settings has none that shows.
    pub(super) fn go_type(&self) -> &'static str {
        match self {
            Self::Str => "string",
            Self::Int64 => "int64",
            Self::Bool => "bool",
            Self::Struct(_) => "map",
        }
    }
}

impl Field {
    /// Might a value of the wrong type in this setting still be a secret? A numeric password might; a flag,
    /// or what stands where a flag or a number is wanted, is not.
    pub(super) fn hides(&self, value: &Value) -> bool {
        self.place != Place::Guest && matches!(self.kind, Kind::Str) && !matches!(value, Value::Bool(_))
    }
}

/// The setting that a key means.
pub(super) fn find(fields: &'static [Field], key: &str) -> Option<&'static Field> {
    fields.iter().find(|field| equal_fold(key, field.key))
}

/// Which member a setting is read from: the last of exactly that key, else the last of that key in any case.
pub(super) fn position(members: &[(String, Value)], key: &str) -> Option<usize> {
    let exact = members.iter().rposition(|(name, _)| name == key);
    exact.or_else(|| members.iter().rposition(|(name, _)| equal_fold(name, key)))
}
