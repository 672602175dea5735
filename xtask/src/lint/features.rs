//! Tests run the dependencies that ship.
//!
//! Cargo chooses the features of a dependency by the crates that are built together. If the shipped binary, built alone,
//! chose other features below wasmtime than the whole workspace does, wasmtime would be compiled twice, and the tests would not
//! run what ships.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::Outcome;
use crate::project::{Project, Workspace, output};

/// The package that is built alone.
const SHIPPED: &str = "portcullis-cli";

/// The dependency that must be compiled once; its name, or the start of it before a dash.
const ONCE: &str = "wasmtime";

pub(super) fn check(project: &Project) -> anyhow::Result<Outcome> {
    let below = below_wasmtime(&project.metadata(Workspace::Host)?)?;
    let together = resolved(project, &["--workspace", "--edges=normal,build,dev"])?;
    let shipped = resolved(project, &["--package", SHIPPED, "--edges=normal,build"])?;
    let relevant: Vec<&Built> = shipped.iter().filter(|built| below.contains(&built.package)).collect();
    let differing: Vec<String> = relevant
        .iter()
        .filter(|built| !together.contains(built))
        .map(|built| format!("{} [{}]", built.package, built.features))
        .collect();
    if !differing.is_empty() {
        bail!("other features than in the workspace (name them in Cargo.toml): {}", differing.join("; "));
    }
    Ok(Outcome::Passed(format!("{} packages at and below {ONCE}", relevant.len())))
}

/// A dependency as cargo would build it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Built {
    /// Name and version.
    package: String,
    /// Its features, as cargo lists them.
    features: String,
}

/// Every dependency that cargo would build.
fn resolved(project: &Project, selection: &[&str]) -> anyhow::Result<BTreeSet<Built>> {
    let mut tree = project.cargo(Workspace::Host, "tree");
    tree.args(["--locked", "--prefix=none", "--format={p} [{f}]"]).args(selection);
    Ok(output(&mut tree)?.lines().filter_map(built).collect())
}

/// A line of `cargo tree` without the marks that tell nothing about the build: `(proc-macro)`, `(/path)`, `(*)`.
fn built(line: &str) -> Option<Built> {
    let (package, features) = line.split_once(" [")?;
    let mut words = package.split_whitespace();
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let (features, _) = features.split_once(']')?;
    Some(Built { package: format!("{name} {version}"), features: features.to_owned() })
}

/// `name version` of wasmtime's packages and of all that they are built from, on any platform.
fn below_wasmtime(metadata: &Value) -> anyhow::Result<BTreeSet<String>> {
    let names: BTreeMap<&str, (&str, &str)> = list(metadata, "packages")
        .filter_map(|package| {
            Some((text(package, "id")?, (text(package, "name")?, text(package, "version")?)))
        })
        .collect();
    let resolve = metadata.get("resolve").context("cargo metadata resolves nothing")?;
    let needs: BTreeMap<&str, Vec<&str>> = list(resolve, "nodes")
        .filter_map(|node| {
            Some((
                text(node, "id")?,
                list(node, "deps")
                    .filter(|need| is_built_from(need))
                    .filter_map(|need| text(need, "pkg"))
                    .collect(),
            ))
        })
        .collect();
    let is_wasmtime = |name: &str| name.split('-').next() == Some(ONCE);
    let mut open: Vec<&str> =
        names.iter().filter(|(_, (name, _))| is_wasmtime(name)).map(|(id, _)| *id).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    Ok(seen
        .iter()
        .filter_map(|id| names.get(id))
        .map(|(name, version)| format!("{name} {version}"))
        .collect())
}

/// A dependency that is more than one of tests.
fn is_built_from(need: &Value) -> bool {
    list(need, "dep_kinds").any(|kind| text(kind, "kind") != Some("dev"))
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::{below_wasmtime, built};

    #[test]
    fn a_line_of_the_tree_is_read_without_its_marks() {
        let rows = [
            ("libc v0.2.1 [default,std]", Some(("libc 0.2.1", "default,std"))),
            ("serde_derive v1.0.0 (proc-macro) [] (*)", Some(("serde_derive 1.0.0", ""))),
            ("portcullis v0.1.0 (/x/y) []", Some(("portcullis 0.1.0", ""))),
            ("", None),
        ];
        for (line, expected) in rows {
            let found = built(line);
            let found = found.as_ref().map(|built| (built.package.as_str(), built.features.as_str()));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn what_only_tests_of_a_dependency_need_is_not_below_it() {
        let metadata = serde_json::json!({
            "packages": [
                { "id": "1", "name": "wasmtime-wasi", "version": "1.0.0" },
                { "id": "2", "name": "libc", "version": "2.0.0" },
                { "id": "3", "name": "proptest", "version": "3.0.0" },
                { "id": "4", "name": "apart", "version": "4.0.0" },
            ],
            "resolve": { "nodes": [
                { "id": "1", "deps": [
                    { "pkg": "2", "dep_kinds": [{ "kind": null }, { "kind": "dev" }] },
                    { "pkg": "3", "dep_kinds": [{ "kind": "dev" }] },
                ] },
                { "id": "4", "deps": [{ "pkg": "1", "dep_kinds": [{ "kind": null }] }] },
            ] },
        });
        let below: Vec<String> = below_wasmtime(&metadata).unwrap().into_iter().collect();
        assert_eq!(below, ["libc 2.0.0", "wasmtime-wasi 1.0.0"]);
    }
}
