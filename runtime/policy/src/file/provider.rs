//! One entry of `providers`.

use std::fmt;
use std::path::PathBuf;

use super::sections;
use crate::document::{Field, FileError, Section};
use crate::{Grants, LimitOrigin, ProviderName};

/// A provider as the file declares it.
#[derive(Clone, Debug)]
pub struct ProviderDeclaration {
    /// Its name.
    pub name: ProviderName,
    /// What runs.
    pub source: ComponentSource,
    /// Settings that the component reads.
    pub config: Settings,
    /// What the file grants it. For a built-in type only environment and limits: the rest is derived from `config`.
    pub grants: Grants,
}

/// Where a component comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComponentSource {
    /// A component file. A relative path starts at the folder of the Portcullis file.
    Path(PathBuf),
    /// A built-in provider, by its backend type.
    Builtin(String),
}

/// Settings of a provider, in the order of the file. They may hold credentials: `Debug` shows no value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Settings(serde_json::Map<String, serde_json::Value>);

impl Settings {
    /// The settings as a JSON object.
    pub const fn as_map(&self) -> &serde_json::Map<String, serde_json::Value> {
        &self.0
    }

    /// The same, by value.
    pub fn into_map(self) -> serde_json::Map<String, serde_json::Value> {
        self.0
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

const KEYS: [&str; 9] =
    ["component", "type", "digest", "config", "network", "filesystem", "sockets", "environment", "limits"];

/// Sections that a built-in type's settings decide.
const DERIVED: [&str; 4] = ["digest", "network", "filesystem", "sockets"];

impl ProviderDeclaration {
    pub(super) fn parse(name: &str, field: &Field<'_>) -> Result<Self, FileError> {
        let name = ProviderName::new(name).map_err(|problem| field.error(problem))?;
        let section = field.section("a map with `component` or `type`", &KEYS)?;
        let source = source(&section)?;
        let config = section.get("config").map(|field| field.json_map("a map of settings")).transpose()?;
        Ok(Self { name, source, config: Settings(config.unwrap_or_default()), grants: grants(&section)? })
    }
}

fn source(section: &Section<'_>) -> Result<ComponentSource, FileError> {
    match (section.get("component"), section.get("type")) {
        (Some(path), None) => match path.text("a path")? {
            "" => Err(path.error("expected the path of a component file")),
            text if text.contains("://") => {
                Err(path.error("expected the path of a component file: nothing is fetched"))
            }
            text => Ok(ComponentSource::Path(text.into())),
        },
        (None, Some(kind)) => {
            if let Some(field) = DERIVED.iter().find_map(|key| section.get(key)) {
                return Err(field.error("a built-in type's policy is derived from its `config`: remove this section, or bound it in the ceiling"));
            }
            match kind.text("a backend type")? {
                "" => Err(kind.error("expected a backend type such as `file.json`")),
                text => Ok(ComponentSource::Builtin(text.to_owned())),
            }
        }
        (Some(_), Some(kind)) => Err(kind.error("`component` and `type` exclude each other: keep one")),
        (None, None) => Err(section.field().error("expected `component: PATH` or `type: BACKEND`")),
    }
}

fn grants(section: &Section<'_>) -> Result<Grants, FileError> {
    Ok(Grants {
        filesystem: section.get("filesystem").map(sections::filesystem).transpose()?.unwrap_or_default(),
        network: section.get("network").map(sections::network).transpose()?.unwrap_or_default(),
        sockets: section.get("sockets").map(sections::sockets).transpose()?.unwrap_or_default(),
        environment: section.get("environment").map(sections::environment).transpose()?.unwrap_or_default(),
        limits: section
            .get("limits")
            .map(|field| sections::limits(field, LimitOrigin::File))
            .transpose()?
            .unwrap_or_default(),
        digest: section.get("digest").map(sections::digest).transpose()?,
        derived_from: Vec::new(),
    })
}
