//! Resolves `ENC[handle]` references by running each secret backend in a sandbox.
//!
//! Data flows one way:
//!
//! * [`trusted`]: files that decide about authority are read only if nobody else could have written them.
//! * [`config`]: what an operator wrote: a Portcullis file, an agent file, or an exec payload.
//! * [`plan`]: what follows from it: for each provider a compiled policy, a component and settings; the routes.
//! * [`catalogue`]: the same as a description, for who shows it or asks another process.
//! * [`builtin`]: where the components of the built-in backend types come from.
//! * [`components`]: component files, and the code that is compiled from them.
//! * [`inputs`]: what a client of a provider reads from the host: certificates, keys, credentials.
//! * [`audit`]: the file that tells afterwards what was denied.
//! * [`resolver`]: the plan put to work: handle → route → one batch a provider → checked outcomes.
//! * [`secrets`]: the same for a host that lives on: values are kept, fetched again, and told to whoever wants to know.
//!
//! # Examples
//!
//! ```no_run
//! use portcullis::{Builtins, Configuration, Plan, Resolver, TrustedFiles};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let files = TrustedFiles::strict();
//! let configuration = Configuration::read(&files, "/etc/datadog-agent/datadog.yaml".as_ref())?;
//! let plan = Plan::compile(configuration, None)?;
//! let resolver = Resolver::builder(plan).builtins(Builtins::folder("/usr/lib/portcullis")).build();
//!
//! let text = std::fs::read("/etc/datadog-agent/conf.d/postgres.d/conf.yaml")?;
//! let document = portcullis::Document::scan("postgres", &text, portcullis::Format::Detect)?;
//! let resolved = resolver.resolve(&document).await;
//! assert!(resolved.failures.is_empty());
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod audit;
pub mod builtin;
pub mod catalogue;
pub mod components;
pub mod config;
mod inputs;
pub mod plan;
pub mod resolver;
pub mod secrets;
pub mod trusted;

pub use audit::{AuditError, AuditFile};
pub use builtin::{Builtins, Embedded};
pub use catalogue::Catalogue;
pub use components::{ComponentError, Components};
pub use config::{AgentSettings, ConfigError, Configuration, NativeSettings};
pub use plan::{Plan, PlanError, PlannedComponent, PlannedProvider};
pub use portcullis_egress::{Lookup, SystemLookup};
pub use portcullis_sandbox::Calls;
pub use portcullis_secrets::{
    Answer, Change, Document, Format, Handle, HandleFailure, Origin, Report, Resolved, ResolvedPlace,
    ScanError, SettingPath, Variables,
};
pub use resolver::{Fault, LoadError, Resolver, ResolverBuilder};
pub use secrets::{Providers, Secrets, SecretsBuilder, Status, blocking};
pub use trusted::{ReadError, TrustedFiles};
