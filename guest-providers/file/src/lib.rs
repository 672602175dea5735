//! The file family of secret backends: five providers over the same files and rules.
//!
//! | type | a handle is | of |
//! |---|---|---|
//! | `file.json`, `file.yaml` | a key | one file that is a flat map of strings ([`flat`]) |
//! | `file.text`, `k8s.file`, `docker.secrets` | a file | one folder ([`folder`]) |
//!
//! A [`Store`] is opened from the settings once a batch and asked for each handle; [`FileProvider`] makes it what a component
//! exports (`src/bin/`). Everything below it takes the files as an argument, so that tests bring their own.
//!
//! * `settings`: path and size limit, from the settings of a type.
//! * [`flat`]: `file.json` and `file.yaml`; [`yaml`] reads the latter's format.
//! * [`folder`]: the folder types.

#![forbid(unsafe_code)]

pub mod flat;
pub mod folder;
mod provider;
mod settings;
pub mod yaml;

pub use flat::{FileJson, FileYaml};
pub use folder::{DockerSecrets, FileText, K8sFile};
pub use provider::{FileProvider, Store, resolve};
pub use settings::Settings;
