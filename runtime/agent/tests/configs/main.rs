//! Which files are configurations, and when they have changed.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod environment;
mod selection;
mod stamps;
mod unreadable;

use std::fs;
use std::path::{Path, PathBuf};

use portcullis_agent::configs::{Found, Sources};
use tempfile::TempDir;

/// A configuration that runs something.
const CHECK: &str = "instances:\n  - host: a\n";
/// One that only collects logs.
const LOGS: &str = "logs:\n  - type: file\n";

/// An agent's folder.
struct Agent(TempDir);

impl Agent {
    fn new(files: &[(&str, &str)]) -> Self {
        let agent = Self(tempfile::tempdir().unwrap());
        fs::create_dir(agent.confd()).unwrap();
        agent.write("datadog.yaml", "api_key: ENC[key]\n");
        for (name, text) in files {
            agent.write(&format!("conf.d/{name}"), text);
        }
        agent
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn confd(&self) -> PathBuf {
        self.path().join("conf.d")
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn sources(&self) -> Sources {
        Sources::new(&self.path().join("datadog.yaml"), Some(&self.confd()))
    }

    fn read(&self) -> Found {
        self.sources().read()
    }
}
