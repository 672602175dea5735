//! Which documents the daemon resolves: the agent's own file, and what the agent's file provider reads below `conf.d`.
//!
//! * `listing`: which names are configurations, of which integration. `shape`: which texts are.
//! * `environment`: what the agent's variables add to its own file ([`Environment`]).
//! * `reading`: a file as bytes, bounded. `stamp`: has anything changed ([`Stamp`], [`Places`]). `error`: what could not be read.
//!
//! | file | read |
//! |---|---|
//! | `NAME.yaml`, `NAME.yml` | yes |
//! | `NAME.d/*.yaml`, `NAME.d/*.yml` | yes, one level deep; a link to a folder is no folder |
//! | `….yaml.default`, `….yml.default` in either place | if there is no other configuration of `NAME` with more than `logs` in it |
//! | `auto_conf.yaml`, `auto_conf.yml` | no: a template for containers, which only the agent can fill in |
//! | `metrics.yaml`, `metrics.yml` | beside others in `NAME.d`, as the metrics of `NAME`; not at the top |
//! | an empty file, or any other name | no |

pub mod environment;
mod error;
mod listing;
mod reading;
mod shape;
mod stamp;

use std::collections::BTreeSet;
use std::fmt::{self, Debug, Formatter};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub use environment::{Environment, LeftOut};
pub use error::ConfigError;
use listing::{Listed, Listing};
use shape::Shape;
pub use stamp::{Places, Stamp};

/// The origin of the agent's own file, as the agent calls it.
pub const AGENT_FILE: &str = "datadog.yaml";
/// The longest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 16 << 20;
/// The most files that are read below `conf.d`.
pub const MAX_FILES: usize = 20_000;

/// Where configurations are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    agent_file: PathBuf,
    confd: Option<PathBuf>,
    environment: Environment,
}

/// One document, not resolved yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// What places and reports call it: [`AGENT_FILE`], or the integration and the beginning of its text's digest:
    /// `redisdb:0123456789abcdef`. Another text is another origin, and equal texts of one integration share one.
    pub origin: String,
    /// The integration; [`AGENT_FILE`] for the agent's own file.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Where it belongs among rendered files: `datadog.yaml`, `conf.d/redisdb.d/conf.yaml`.
    pub relative: String,
    /// As it is in the file; that of the agent's own file is [merged with the environment](Environment::merge).
    pub text: Zeroizing<Vec<u8>>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Found {
    /// The agent's own file first, then in the order of paths, defaults last.
    pub configs: Vec<Config>,
    /// What could not be read. The others are read all the same.
    pub errors: Vec<ConfigError>,
    /// Variables with handles that are not resolved.
    pub left_out: Vec<LeftOut>,
}

impl Sources {
    /// An agent's file, and the folder of its checks if those are resolved too. The environment is empty.
    #[must_use]
    pub fn new(agent_file: &Path, confd: Option<&Path>) -> Self {
        let environment = Environment::default();
        Self { agent_file: agent_file.to_owned(), confd: confd.map(Path::to_owned), environment }
    }

    /// With the settings of the agent's file that are in its environment.
    #[must_use]
    pub fn with_environment(self, environment: Environment) -> Self {
        Self { environment, ..self }
    }

    /// What there is to read now, without reading it. To be taken before [`read`](Self::read): what changes meanwhile is
    /// then seen by the next one.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        let listed = self.confd.as_deref().map(Listing::of).unwrap_or_default();
        Stamp::of(
            std::iter::once(self.agent_file.clone()).chain(listed.files.into_iter().map(|file| file.path)),
        )
    }

    /// Reads all of it.
    #[must_use]
    pub fn read(&self) -> Found {
        let mut found = Found::default();
        match reading::file(&self.agent_file) {
            Ok(text) => {
                let merged = self.environment.merge(&text);
                found.left_out = merged.left_out;
                found.configs.push(Config {
                    origin: AGENT_FILE.to_owned(),
                    name: AGENT_FILE.to_owned(),
                    path: self.agent_file.clone(),
                    relative: AGENT_FILE.to_owned(),
                    text: merged.text.unwrap_or(text),
                });
            }
            Err(error) => found.errors.push(error),
        }
        let Listing { files, errors } = self.confd.as_deref().map(Listing::of).unwrap_or_default();
        found.errors.extend(errors);
        found.add_checks(files);
        found
    }
}

impl Found {
    fn add_checks(&mut self, files: Vec<Listed>) {
        let mut configured = BTreeSet::new();
        let mut defaults = Vec::new();
        for file in files {
            let (config, shape) = match read_check(&file) {
                Ok(Some(read)) => read,
                Ok(None) => continue,
                Err(error) => {
                    self.errors.push(error);
                    continue;
                }
            };
            if file.default {
                defaults.push(config);
                continue;
            }
            if !file.metrics && !shape.has_only_logs() {
                configured.insert(config.name.clone());
            }
            self.configs.push(config);
        }
        self.configs.extend(defaults.into_iter().filter(|config| !configured.contains(&config.name)));
    }
}

/// `None` if the file is empty.
fn read_check(file: &Listed) -> Result<Option<(Config, Shape)>, ConfigError> {
    let text = reading::file(&file.path)?;
    if text.is_empty() {
        return Ok(None);
    }
    let shape = Shape::of(&text).map_err(|error| error.of(&file.path))?;
    if !shape.is_config() {
        return Err(ConfigError::Nothing(file.path.clone()));
    }
    Ok(Some((Config::of_check(file, text), shape)))
}

impl Config {
    fn of_check(file: &Listed, text: Zeroizing<Vec<u8>>) -> Self {
        let digest = Sha256::digest(text.as_slice());
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self {
            origin: format!("{}:{digest}", file.integration),
            name: file.integration.clone(),
            path: file.path.clone(),
            relative: format!("conf.d/{}", file.below),
            text,
        }
    }
}

/// Shows how long the text is, not what it says.
impl Debug for Config {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("origin", &self.origin)
            .field("path", &self.path)
            .field("relative", &self.relative)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}
