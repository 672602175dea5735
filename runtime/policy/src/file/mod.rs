//! The Portcullis file: providers, what each may do, and which handles go to which.

mod provider;
pub(crate) mod sections;

use std::collections::BTreeMap;

pub use provider::{ComponentSource, ProviderDeclaration, Settings};

use crate::ProviderName;
use crate::document::{Field, FileError, Node, Section, Value};
use crate::routes::{Route, Routes};

/// A Portcullis file that cannot be wrong.
///
/// ```
/// use portcullis_policy::PortcullisFile;
/// let file = PortcullisFile::parse("portcullis.yaml", "\
/// version: 1
/// providers:
///   vault: { component: ./vault.wasm, filesystem: [] }
/// ")?;
/// assert_eq!(file.providers.len(), 1);
/// let error = PortcullisFile::parse("p.yaml", "version: 1\nproviders: {}\nroute: []\n").unwrap_err();
/// assert_eq!(error.to_string(), "p.yaml:3:1: route: unknown key `route`: expected version, providers, routes, payload_type");
/// # Ok::<(), portcullis_policy::FileError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PortcullisFile {
    /// Declared providers by name.
    pub providers: BTreeMap<ProviderName, ProviderDeclaration>,
    /// Which handles go to which provider.
    pub routes: Routes,
    /// Whether a payload may select a built-in provider itself.
    pub payload_type: PayloadType,
}

/// Whether a payload of the exec protocol may select a built-in provider by its `type` and `config`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadType {
    /// It may; the ceiling bounds what that provider can do. The default.
    #[default]
    Allow,
    /// Such a payload is an error.
    Refuse,
}

const KEYS: [&str; 4] = ["version", "providers", "routes", "payload_type"];

impl PortcullisFile {
    /// Reads a file. `name` is what errors call it.
    ///
    /// # Errors
    /// On the first thing that is wrong, with its place and what to do.
    pub fn parse(name: &str, text: &str) -> Result<Self, FileError> {
        let node = Node::parse(name, text)?;
        let root = Field::root(name, &node);
        let section = root.section("a map with `version` and `providers`", &KEYS)?;
        version(section.require("version", "`version: 1`")?)?;
        let mut providers = BTreeMap::new();
        let declared = section.require("providers", "a map of providers")?;
        for (name, field) in declared.entries("a map from names to providers")? {
            let provider = ProviderDeclaration::parse(name, &field)?;
            providers.insert(provider.name.clone(), provider);
        }
        let payload_types = [("allow", PayloadType::Allow), ("refuse", PayloadType::Refuse)];
        let payload_type =
            section.get("payload_type").map(|field| field.choice(&payload_types)).transpose()?;
        let routes = routes(&section, &providers)?;
        Ok(Self { providers, routes, payload_type: payload_type.unwrap_or_default() })
    }
}

/// The only version so far.
pub(crate) fn version(field: &Field<'_>) -> Result<(), FileError> {
    match field.value() {
        Value::Number(number) if number.as_u64() == Some(1) => Ok(()),
        _ => Err(field.error("expected `version: 1`: this release reads no other")),
    }
}

fn routes(
    section: &Section<'_>,
    providers: &BTreeMap<ProviderName, ProviderDeclaration>,
) -> Result<Routes, FileError> {
    let names: Vec<ProviderName> = providers.keys().cloned().collect();
    let fields = section
        .get("routes")
        .map(|field| field.list("a list of `{ prefix: TEXT, to: PROVIDER }`"))
        .transpose()?;
    let fields = fields.unwrap_or_default();
    let routes = fields.iter().map(route).collect::<Result<Vec<_>, _>>()?;
    Routes::compile(routes, &names).map_err(|problem| {
        let place = problem.route().and_then(|at| fields.get(at)).or_else(|| section.get("providers"));
        place.unwrap_or_else(|| section.field()).error(problem)
    })
}

fn route(field: &Field<'_>) -> Result<Route, FileError> {
    let section = field.section("a map with `prefix` and `to`", &["prefix", "to", "strip"])?;
    let to = section.require("to", "a provider's name")?;
    Ok(Route {
        prefix: section.require("prefix", "the start of the handles")?.text("text")?.to_owned(),
        to: to.parsed("a provider's name", ProviderName::new)?,
        strip: section.get("strip").map(Field::boolean).transpose()?.unwrap_or(true),
        line: Some(field.line()),
    })
}
