//! Which handles are asked for together.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use crate::one_line::OneLine;

/// The handles that one backend answers together: mostly those of one provider, by its name.
///
/// What happens to a group stays in it: it is fetched on its own, and fails and recovers on its own. The default is the
/// one group of a backend that does not tell its handles apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(Arc<str>);

impl Group {
    /// The group of this name. Names end up in metrics, so there should be few of them.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// Its name; `default` for the group of a backend that has only one.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Group {
    fn default() -> Self {
        Self::new("default")
    }
}

impl Display for Group {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&OneLine(&self.0), f)
    }
}
