//! What counts as a reference to a secret, and the name inside it.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use crate::one_line::OneLine;

/// The name of a secret: the text between `ENC[` and `]`, verbatim.
///
/// Handles compare byte for byte: nothing inside is trimmed, unescaped or normalised, and the empty handle is a
/// handle. [`Display`] escapes what could break a line; [`as_str`](Self::as_str) is the handle itself. Clones share
/// the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(Arc<str>);

impl Handle {
    /// The handle of this exact text (without `ENC[` and `]`).
    ///
    /// ```
    /// # use portcullis_secrets::Handle;
    /// assert_eq!(Handle::new("vault:db/password").as_str(), "vault:db/password");
    /// ```
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text that a backend is asked for.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Handle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&OneLine(&self.0), f)
    }
}

impl Debug for Handle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.0).finish()
    }
}

impl AsRef<str> for Handle {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The handle that a whole string value refers to, or `None` if the value is an ordinary string.
///
/// Around the reference, spaces and tabs are ignored (and only those: a line break makes it an ordinary string).
/// What is left must start with `ENC[`, in this case, and end with `]`; everything between is the handle.
///
/// ```
/// # use portcullis_secrets::handle_in;
/// assert_eq!(handle_in("  ENC[db/password]\t").unwrap().as_str(), "db/password");
/// assert!(handle_in("https://user:ENC[db/password]@host").is_none());
/// ```
#[must_use]
pub fn handle_in(value: &str) -> Option<Handle> {
    let inside = value.trim_matches([' ', '\t']).strip_prefix("ENC[")?.strip_suffix(']')?;
    Some(Handle::new(inside))
}

#[cfg(test)]
mod tests {
    use super::{Handle, handle_in};

    #[test]
    fn a_reference_is_the_whole_value() {
        for (value, handle) in [
            ("", None),
            ("ENC[]", Some("")),
            ("ENC[", None),
            ("ENC]", None),
            ("test", None),
            ("ENC[test]", Some("test")),
            ("ENC[]]]]", Some("]]]")),
            ("  ENC[test]\t", Some("test")),
            ("ENC[ test ]", Some(" test ")),
            ("ENC[a]ENC[b]", Some("a]ENC[b")),
            ("db-ENC[x]", None),
            ("ENC[x]-db", None),
            ("https://ENC[x]", None),
            ("enc[x]", None),
            ("ENC[x]\n", None),
            ("\nENC[x]", None),
            ("\u{a0}ENC[x]", None),
            ("ENC[x]\r", None),
            ("ENC[a\nb]", Some("a\nb")),
            ("ENC[{\"env\":\"prod\",\"id\":\"x\"}]", Some("{\"env\":\"prod\",\"id\":\"x\"}")),
        ] {
            assert_eq!(handle_in(value).as_ref().map(Handle::as_str), handle, "{value:?}");
        }
    }

    #[test]
    fn display_stays_on_one_line() {
        assert_eq!(Handle::new("a\nb\u{1b}").to_string(), "a\\nb\\u{1b}");
    }
}
