//! What subscribers are told.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use secrecy::SecretString;

use crate::handle::Handle;
use crate::setting_path::SettingPath;

/// A value, kept once and shared.
pub(super) type Value = Arc<SecretString>;

/// Why a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The handle was fetched for the first time, because a configuration needs it.
    Resolved,
    /// A configuration needs a value that is already known. Nothing changed.
    Cached,
    /// A refresh brought another value.
    Refreshed,
}

/// A place has a value.
#[derive(Clone)]
pub struct Change {
    pub(super) handle: Handle,
    pub(super) origin: Arc<str>,
    pub(super) path: SettingPath,
    pub(super) old: Option<Value>,
    pub(super) new: Value,
    pub(super) cause: Cause,
}

impl Change {
    /// The handle.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// The name of the configuration.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where in it.
    #[must_use]
    pub fn path(&self) -> &SettingPath {
        &self.path
    }

    /// The handle's value until now; `None` if it had none, or if nothing changed ([`Cause::Cached`]).
    #[must_use]
    pub fn old(&self) -> Option<&SecretString> {
        self.old.as_deref()
    }

    /// The handle's value from now on.
    #[must_use]
    pub fn value(&self) -> &SecretString {
        &self.new
    }

    /// Why this is told.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }
}

/// Shows where and why, not what.
impl Debug for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("handle", &self.handle)
            .field("origin", &self.origin)
            .field("path", &self.path)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}
