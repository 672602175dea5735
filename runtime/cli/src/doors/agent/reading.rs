//! The texts that a plan is made from: read once, by the daemon, and handed to the runner. So both have the same plan, and a
//! runner that is started again after a crash has the one that the daemon goes by, whatever became of the files meanwhile.

use std::path::Path;

use anyhow::Context as _;
use portcullis::config::parse_ceiling;
use portcullis::trusted::MAX_CONFIGURATION;
use portcullis::{Configuration, Plan, TrustedFiles};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

/// A configuration and its upper bound, as texts. They may hold credentials: they are wiped.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    config: String,
    ceiling: Option<String>,
}

impl Reading {
    /// Reads both, if they can be trusted.
    pub(super) fn of(files: &TrustedFiles, config: &Path, ceiling: Option<&Path>) -> anyhow::Result<Self> {
        let ceiling = ceiling.map(|path| text(files, path).context("the ceiling cannot be used"));
        Ok(Self { config: text(files, config)?, ceiling: ceiling.transpose()? })
    }

    /// What the runner is told, and reads with [`parse`](Self::parse).
    pub(super) fn to_bytes(&self) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(serde_json::to_vec(self)?))
    }

    pub(crate) fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        // What is wrong is not said: the words would be a part of it.
        serde_json::from_slice(bytes)
            .map_err(|_| anyhow::anyhow!("what the daemon said first is no configuration"))
    }

    /// The plan. Depends on nothing but the texts, the paths, and the agent's variables of the environment.
    pub(crate) fn plan(&self, config: &Path, ceiling: Option<&Path>) -> anyhow::Result<Plan> {
        let folder = config.parent().filter(|folder| !folder.as_os_str().is_empty());
        let name = config.display().to_string();
        let folder = folder.unwrap_or(Path::new("."));
        let configuration = Configuration::parse_with(&name, self.config.as_bytes(), folder, variable)?;
        let ceiling = self.ceiling.as_ref().zip(ceiling);
        let ceiling = ceiling.map(|(text, path)| parse_ceiling(&path.display().to_string(), text.as_bytes()));
        Ok(Plan::compile(configuration, ceiling.transpose().context("the ceiling cannot be used")?.as_ref())?)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.config.zeroize();
        self.ceiling.zeroize();
    }
}

fn text(files: &TrustedFiles, path: &Path) -> anyhow::Result<String> {
    let bytes = files.read(path, MAX_CONFIGURATION)?;
    let text = std::str::from_utf8(&bytes);
    let text = text
        .map_err(|error| anyhow::anyhow!("{}: not UTF-8 at byte {}", path.display(), error.valid_up_to()));
    text.map(str::to_owned)
}

/// A variable of the agent's environment.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
