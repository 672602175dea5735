//! Settings of the agent's own file that stand in its environment, as far as secrets are concerned.
//!
//! An agent resolves its settings when file and environment are put together, so a handle may be in a variable. Here the file's text
//! gets these handles, at the paths of their settings; all else that reads it knows of files alone.
//!
//! * `names`: which variable is which setting, and which of several counts. `proxy`: those of the proxy.
//! * `value`: what a variable says. `merge`: the file with it.
//!
//! | a variable | taken |
//! |---|---|
//! | with a handle: as a whole, as an item of a list, or as a string in JSON | yes |
//! | without one, of a setting that has a handle in the file | yes: it wins, and the file's handle is not asked for |
//! | any other; one that is empty or not UTF-8 | no |
//! | `DD_SECRET_…`, `DD_MULTI_SECRET_BACKENDS`, `DD_RUN_PATH` | no: they say how handles are resolved |

mod merge;
mod names;
mod proxy;
mod value;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::{self, Debug, Formatter};

use thiserror::Error;
use zeroize::Zeroizing;

pub use merge::Merged;

use crate::tree::TreeError;

/// The variables that may be settings. Empty by default.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, Zeroizing<String>>,
}

/// Variables with handles that do not get into the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("handles in the environment are not resolved ({}): {why}", variables.join(", "))]
pub struct LeftOut {
    /// Their names.
    pub variables: Vec<String>,
    /// What is wrong with the text.
    pub why: Why,
}

/// Why a text does not take a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Why {
    /// It cannot be read, or not be written with them.
    #[error("datadog.yaml does not take them: {0}; correct that, or write them into it")]
    Tree(#[from] TreeError),
    /// Something else than settings.
    #[error("at the top of datadog.yaml there is no map; write settings as 'name: value'")]
    NoSettings,
    /// The setting belongs below one that is a text or a list.
    #[error("datadog.yaml has a text or a list where the section of these settings belongs; make it a map")]
    NoSection,
}

impl Environment {
    /// Takes those that may be settings: with a text that is not empty, and by their name.
    pub fn new<N: Into<OsString>, V: Into<OsString>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let text = |(name, value): (N, V)| {
            let name = name.into().into_string().ok().filter(|name| names::may_be_setting(name))?;
            let value = value.into().into_string().ok().filter(|value| !value.is_empty())?;
            Some((name, Zeroizing::new(value)))
        };
        Self { variables: variables.into_iter().filter_map(text).collect() }
    }
}

/// Shows the names alone.
impl Debug for Environment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}
