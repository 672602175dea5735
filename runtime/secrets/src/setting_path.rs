//! Where in a configuration a handle is used, as a thing to keep.

use std::fmt::{self, Debug, Display, Formatter, Write as _};
use std::sync::Arc;

use crate::document::Path;
use crate::one_line::OneLine;

/// The way from a document's root to a setting: map keys as they are, list positions as decimal numbers.
///
/// Displayed joined with `/` and on one line: `instances/0/password`. Clones share the elements.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingPath(Arc<[String]>);

impl SettingPath {
    /// The path of these elements.
    pub fn new<E: Into<String>>(elements: impl IntoIterator<Item = E>) -> Self {
        Self(elements.into_iter().map(Into::into).collect())
    }

    /// The elements from the root down.
    #[must_use]
    pub fn elements(&self) -> &[String] {
        &self.0
    }
}

impl From<Path<'_>> for SettingPath {
    fn from(path: Path<'_>) -> Self {
        Self(path.elements().into())
    }
}

impl Display for SettingPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (position, element) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_char('/')?;
            }
            Display::fmt(&OneLine(element), f)?;
        }
        Ok(())
    }
}

impl Debug for SettingPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "SettingPath({self})")
    }
}
