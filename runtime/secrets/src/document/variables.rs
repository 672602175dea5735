//! What template variables in handles stand for.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

/// What the template variables of a configuration stand for: `ENC[db_user_%%host%%]` is the handle `db_user_10.0.0.7`.
///
/// A handle inside of `instances` asks its own instance first: a setting of that name, if it is a string, a number or a
/// boolean, and neither a reference nor itself a template. Then it asks here.
///
/// A variable that stands for nothing stays as it is, and what a variable stands for is not looked at again. Scope,
/// routes and places know the handle with its variables replaced.
#[derive(Clone, Default)]
pub struct Variables(Option<Arc<Lookup>>);

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Variables {
    /// Variables by a function of their name (`host`). The default is none but what instances say themselves.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(lookup)))
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.as_ref()?(name)
    }
}

impl Debug for Variables {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Variables").field(&self.0.is_some()).finish()
    }
}

/// What begins and ends a variable.
pub(super) const MARK: &str = "%%";

/// The text with every variable replaced that stands for something.
pub(super) fn replaced(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        out.push_str(before);
        let found = after.split_once(MARK).and_then(|(name, after)| Some((lookup(name)?, after)));
        rest = match found {
            Some((value, after)) => {
                out.push_str(&value);
                after
            }
            None => {
                out.push_str(MARK);
                after
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn variables_are_replaced_once_and_only_where_they_are_known() {
        let known = |name: &str| match name {
            "host" => Some("10.0.0.7".to_owned()),
            "loop" => Some("%%host%%".to_owned()),
            _ => None,
        };
        for (handle, expected) in [
            ("plain", "plain"),
            ("db_%%host%%", "db_10.0.0.7"),
            ("%%host%%%%host%%", "10.0.0.710.0.0.7"),
            ("%%loop%%", "%%host%%"),
            ("%%port%%", "%%port%%"),
            ("%%port%%host%%", "%%port10.0.0.7"),
            ("100%%", "100%%"),
            ("%%%%host%%", "%%10.0.0.7"),
        ] {
            assert_eq!(replaced(handle, known), expected);
            assert_eq!(replaced(handle, |_| None), handle);
        }
    }
}
