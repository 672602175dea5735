//! The operator's upper bounds over every provider.

use std::collections::BTreeSet;

use crate::LimitOverrides;
use crate::document::{Field, FileError, Node};
use crate::file::{sections, version};
use crate::filesystem::FileBound;
use crate::network::Destination;
use crate::{Access, LimitOrigin};

/// Upper bounds over every provider, whatever its source: the same sections as a provider's. An absent section bounds
/// nothing, an empty one forbids.
///
/// `environment` is a list of names: a variable stays when its name, and for `{ from: NAME }` also the host's name, is
/// listed. `digest: required` refuses a component that an operator names without a digest.
#[derive(Clone, Debug, Default)]
pub struct Ceiling {
    pub(crate) filesystem: Option<Vec<FileBound>>,
    pub(crate) network: Option<Vec<Destination>>,
    pub(crate) environment: Option<BTreeSet<String>>,
    pub(crate) limits: LimitOverrides,
    pub(crate) digest_required: bool,
}

const KEYS: [&str; 7] = ["version", "filesystem", "network", "sockets", "environment", "limits", "digest"];

impl Ceiling {
    /// Reads a ceiling file. `name` is what errors call it.
    ///
    /// # Errors
    /// On the first thing that is wrong, with its place and what to do.
    pub fn parse(name: &str, text: &str) -> Result<Self, FileError> {
        let node = Node::parse(name, text)?;
        let section = Field::root(name, &node).section("a map of sections", &KEYS)?;
        section.get("version").map(version).transpose()?;
        // Sockets are never granted, so that the bound has no effect; its spelling is checked all the same.
        section.get("sockets").map(sections::sockets).transpose()?;
        let limits =
            section.get("limits").map(|field| sections::limits(field, LimitOrigin::Ceiling)).transpose()?;
        let digest = section.get("digest").map(|field| field.choice(&[("required", true)])).transpose()?;
        Ok(Self {
            filesystem: section.get("filesystem").map(sections::file_bounds).transpose()?,
            network: section.get("network").map(destinations).transpose()?,
            environment: section.get("environment").map(sections::environment_names).transpose()?,
            limits: limits.unwrap_or_default(),
            digest_required: digest.unwrap_or_default(),
        })
    }
}

fn destinations(field: &Field<'_>) -> Result<Vec<Destination>, FileError> {
    let bounds = match sections::network(field)? {
        Access::Granted(bounds) => bounds,
        Access::Absent | Access::Empty => Vec::new(),
    };
    match bounds.iter().find(|bound| bound.credential().is_some()) {
        Some(bound) => Err(field
            .error(format_args!("`{}` has a credential: a ceiling bounds and attaches none", bound.name()))),
        None => Ok(bounds),
    }
}
