//! What follows from a configuration: compiled, bounded by the ceiling, ready to be explained or put to work.

mod derive;
mod error;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use portcullis_compat::json::Value as Settings;
use portcullis_compat::settings;
use portcullis_policy::file::{ComponentSource, PayloadType, ProviderDeclaration};
use portcullis_policy::{Ceiling, Grants, LimitOrigin, Policy, Profile, ProviderName, Routes};

use crate::config::{AgentBackend, AgentBackends, AgentSettings, Configuration};
pub use error::PlanError;

/// The one provider of a configuration that has no names.
const SINGLE: &str = "default";

/// Providers and routes, compiled.
#[derive(Debug)]
pub struct Plan {
    providers: BTreeMap<ProviderName, PlannedProvider>,
    routes: Routes,
    payload_type: PayloadType,
    remove_trailing_line_break: bool,
}

/// One provider: what it is, what it may do and what it is told.
#[derive(Debug)]
pub struct PlannedProvider {
    /// Where its component comes from.
    pub component: PlannedComponent,
    /// Its effective policy.
    pub policy: Arc<Policy>,
    /// What it reads from `wasi:config/store`: dotted keys, and the whole as JSON under the empty key. No credentials.
    pub settings: Vec<(String, String)>,
    /// Dotted names of the settings that the host keeps: credentials, and how TLS is done.
    pub withheld: Vec<String>,
}

/// Where a component comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlannedComponent {
    /// A built-in backend type.
    Builtin(String),
    /// A component file.
    File(PathBuf),
    /// A type that there is no backend for: each handle fails with the reference's words.
    Unsupported(String),
}

impl Plan {
    /// Compiles a configuration under an operator's ceiling.
    ///
    /// # Errors
    ///
    /// Where a name, a policy or the routes cannot be.
    pub fn compile(configuration: Configuration, ceiling: Option<&Ceiling>) -> Result<Self, PlanError> {
        match configuration {
            Configuration::Portcullis { file, folder } => {
                let mut providers = BTreeMap::new();
                for (name, declaration) in file.providers {
                    let provider = PlannedProvider::declared(declaration, &folder, ceiling)?;
                    providers.insert(name, provider);
                }
                let (routes, payload_type) = (file.routes, file.payload_type);
                Ok(Self { providers, routes, payload_type, remove_trailing_line_break: false })
            }
            Configuration::Agent(settings) => Self::agent(settings, ceiling),
        }
    }

    /// Compiles the backend that an exec payload names.
    ///
    /// # Errors
    ///
    /// Where the ceiling leaves no policy that can be.
    pub fn payload(
        backend_type: &str,
        settings: &Settings,
        timeout: Duration,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PlanError> {
        let backend = AgentBackend { backend_type: backend_type.to_owned(), settings: settings.clone() };
        let options = Options {
            timeout: Some(timeout.as_secs()),
            timeout_from: "secret_backend_timeout",
            output: None,
            key: "config",
        };
        Self::single(&backend, &options, ceiling)
    }

    /// The providers by name.
    #[must_use]
    pub fn providers(&self) -> &BTreeMap<ProviderName, PlannedProvider> {
        &self.providers
    }

    /// Whether an exec payload may name a backend of its own.
    #[must_use]
    pub fn allows_payload_type(&self) -> bool {
        self.payload_type == PayloadType::Allow
    }

    pub(crate) const fn removes_trailing_line_break(&self) -> bool {
        self.remove_trailing_line_break
    }

    pub(crate) fn into_parts(self) -> (BTreeMap<ProviderName, PlannedProvider>, Routes) {
        (self.providers, self.routes)
    }

    fn agent(settings: AgentSettings, ceiling: Option<&Ceiling>) -> Result<Self, PlanError> {
        let options = Options {
            timeout: settings.timeout,
            timeout_from: "secret_backend_timeout",
            output: settings.output_max_size,
            key: "secret_backend_config",
        };
        let plan = match &settings.backends {
            AgentBackends::One(backend) => Self::single(backend, &options, ceiling)?,
            AgentBackends::Multi(backends) => {
                let mut providers = BTreeMap::new();
                let mut names = Vec::with_capacity(backends.len());
                for (name, backend) in backends {
                    let provider_name = ProviderName::new(name)?;
                    let key = format!("multi_secret_backends.{name}.config");
                    let options = Options { key: &key, ..options };
                    let provider =
                        PlannedProvider::builtin(provider_name.clone(), backend, &options, ceiling)?;
                    providers.insert(provider_name.clone(), provider);
                    names.push((name.clone(), provider_name));
                }
                let routes = Routes::multi(names);
                Self {
                    providers,
                    routes,
                    payload_type: PayloadType::Allow,
                    remove_trailing_line_break: false,
                }
            }
        };
        Ok(Self { remove_trailing_line_break: settings.remove_trailing_line_break, ..plan })
    }

    fn single(
        backend: &AgentBackend,
        options: &Options<'_>,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PlanError> {
        let name = ProviderName::new(SINGLE)?;
        let provider = PlannedProvider::builtin(name.clone(), backend, options, ceiling)?;
        let routes = Routes::compile(Vec::new(), std::slice::from_ref(&name))?;
        Ok(Self {
            providers: BTreeMap::from([(name, provider)]),
            routes,
            payload_type: PayloadType::Allow,
            remove_trailing_line_break: false,
        })
    }
}

/// What an agent file or a payload says besides the backend itself.
#[derive(Clone, Copy)]
struct Options<'a> {
    timeout: Option<u64>,
    timeout_from: &'static str,
    output: Option<u64>,
    /// Where the settings stand, for `explain`.
    key: &'a str,
}

impl PlannedProvider {
    /// A provider of a Portcullis file.
    fn declared(
        declaration: ProviderDeclaration,
        folder: &Path,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PlanError> {
        let ProviderDeclaration { name, source, config, grants } = declaration;
        let settings = crate::config::settings(config.into_map());
        match source {
            ComponentSource::Path(path) => {
                let policy = Policy::compile(name, Profile::Custom, grants, ceiling)?;
                let seen = settings::custom_view(&settings);
                Ok(Self {
                    // Without the `.` segments that nobody wants to read in a message.
                    component: PlannedComponent::File(folder.join(path).components().collect()),
                    policy: Arc::new(policy),
                    withheld: settings::withheld(&settings, &seen),
                    settings: settings::flatten(&seen),
                })
            }
            ComponentSource::Builtin(backend_type) => {
                let derived = derive::grants(&backend_type, &settings, "config");
                let grants = Grants { limits: grants.limits, environment: grants.environment, ..derived };
                Self::with_grants(name, &AgentBackend { backend_type, settings }, grants, ceiling)
            }
        }
    }

    /// A built-in type with the least policy that its settings need.
    fn builtin(
        name: ProviderName,
        backend: &AgentBackend,
        options: &Options<'_>,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PlanError> {
        let mut grants = derive::grants(&backend.backend_type, &backend.settings, options.key);
        if let Some(seconds) = options.timeout {
            // The reference's file backends read whatever the deadline is: a zero must not stop them before they begin.
            let wall = Duration::from_secs(seconds.max(1));
            grants.limits.set_wall(wall, LimitOrigin::Setting(options.timeout_from));
        }
        if let Some(bytes) = options.output {
            let origin = LimitOrigin::Setting("secret_backend_output_max_size");
            grants.limits.set_batch(portcullis_policy::Bytes::new(bytes), origin);
        }
        Self::with_grants(name, backend, grants, ceiling)
    }

    fn with_grants(
        name: ProviderName,
        backend: &AgentBackend,
        grants: Grants,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PlanError> {
        let policy = Arc::new(Policy::compile(name, Profile::BuiltinFile, grants, ceiling)?);
        let backend_type = backend.backend_type.clone();
        Ok(match settings::schema(&backend_type) {
            None => Self {
                component: PlannedComponent::Unsupported(backend_type),
                policy,
                settings: Vec::new(),
                withheld: Vec::new(),
            },
            Some(schema) => {
                let seen = settings::guest_view(schema, &backend.settings);
                Self {
                    component: PlannedComponent::Builtin(backend_type),
                    policy,
                    withheld: settings::withheld(&backend.settings, &seen),
                    settings: settings::flatten(&seen),
                }
            }
        })
    }
}
