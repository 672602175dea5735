//! What cargo knows about our crates, and their source.

#![allow(dead_code, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::TokenStream;
use serde_json::Value;

/// One of our crates.
pub(crate) struct Package {
    pub(crate) name: String,
    /// All direct dependencies, those of builds and tests included.
    pub(crate) dependencies: Vec<String>,
    /// The root source file of its library and of each of its programs.
    pub(crate) roots: Vec<PathBuf>,
}

/// The repository's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Our crates, of both workspaces. A guest's dependency on a crate of the host does not make that a guest.
pub(crate) fn packages() -> Vec<Package> {
    let manifests = ["Cargo.toml", "guest-providers/Cargo.toml"];
    manifests.iter().flat_map(|manifest| members(&root().join(manifest))).collect()
}

fn members(manifest: &Path) -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--manifest-path"])
        .arg(manifest)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

fn package(package: &Value) -> Package {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let is_root = |target: &&Value| {
        let kinds = target["kind"].as_array().unwrap();
        kinds.iter().any(|kind| ["lib", "bin"].contains(&kind.as_str().unwrap()))
    };
    Package {
        name: text(&package["name"]),
        dependencies: package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|dep| text(&dep["name"]))
            .collect(),
        roots: package["targets"]
            .as_array()
            .unwrap()
            .iter()
            .filter(is_root)
            .map(|target| text(&target["src_path"]).into())
            .collect(),
    }
}

/// Every Rust file that somebody wrote.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_built = ["target", "dist", ".git"].iter().any(|name| path.ends_with(name));
        if path.is_dir() && !is_built {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// What a Rust file says, without its comments.
pub(crate) fn tokens(path: &Path) -> TokenStream {
    let text = std::fs::read_to_string(path).unwrap();
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
