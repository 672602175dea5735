//! What a source (a Portcullis file, or a built-in provider's settings) grants, before the ceiling.

use std::convert::Infallible;

use crate::network::Destination;
use crate::{Digest, Environment, LimitOverrides, Mount};

/// The three states of an interface with authority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Access<T> {
    /// Not linked: a component that imports it fails at load.
    #[default]
    Absent,
    /// Linked to an implementation that denies every call.
    Empty,
    /// Linked, with this authority.
    Granted(T),
}

impl<T> Access<T> {
    /// What is granted, if anything.
    pub const fn granted(&self) -> Option<&T> {
        match self {
            Self::Granted(granted) => Some(granted),
            Self::Absent | Self::Empty => None,
        }
    }

    /// The same state, with another form of what is granted.
    pub(crate) fn map<U>(self, form: impl FnOnce(T) -> U) -> Access<U> {
        match self {
            Self::Absent => Access::Absent,
            Self::Empty => Access::Empty,
            Self::Granted(granted) => Access::Granted(form(granted)),
        }
    }
}

/// What one source grants a provider. The default grants nothing.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Files and folders.
    pub filesystem: Access<Vec<Mount>>,
    /// Origins and requests.
    pub network: Access<Vec<Destination>>,
    /// Raw sockets can only be denied: there is nothing that grants them.
    pub sockets: Access<Infallible>,
    /// Environment variables.
    pub environment: Environment,
    /// Limits that differ from the profile's defaults.
    pub limits: LimitOverrides,
    /// Digest that the component must have.
    pub digest: Option<Digest>,
    /// Where derived grants came from, for `explain`: one line each, without values.
    pub derived_from: Vec<String>,
}

impl Grants {
    /// The least policy of a built-in provider: these files and folders, read from its settings.
    /// Without a mount the filesystem is linked and denies, so that the provider itself reports what is wrong.
    pub fn derived_files(mounts: Vec<Mount>, derived_from: Vec<String>) -> Self {
        let filesystem = if mounts.is_empty() { Access::Empty } else { Access::Granted(mounts) };
        Self { filesystem, derived_from, ..Self::default() }
    }
}
