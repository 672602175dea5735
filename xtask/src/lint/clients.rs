//! Nothing sends past the one client: who may use what opens connections, and what nobody may use.
//!
//! Kits of clouds bring clients of their own when one of their features is on, and their own way to start a program. Neither would
//! be seen in a review of our code.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::Outcome;
use super::features::{is_built_from, list, text};
use crate::project::{Project, Workspace};

/// What opens connections or speaks TLS, and all that may use it. Nobody: it must not be built at all.
const SENDERS: &[(&str, &[&str])] = &[
    ("reqwest", &["portcullis-egress"]),
    // Its errors tell why a request failed.
    ("hyper", &["portcullis-egress", "reqwest", "hyper-rustls", "hyper-util", "wasmtime-wasi-http"]),
    ("hyper-util", &["reqwest", "hyper-rustls"]),
    ("hyper-rustls", &["reqwest"]),
    ("h2", &["hyper", "reqwest"]),
    ("rustls", &["portcullis-egress", "reqwest", "hyper-rustls", "rustls-platform-verifier", "tokio-rustls"]),
    ("tokio-rustls", &["reqwest", "hyper-rustls"]),
    ("attohttpc", &[]),
    ("aws-config", &[]),
    ("aws-lc-rs", &[]),
    ("aws-lc-sys", &[]),
    ("aws-smithy-http-client", &[]),
    ("aws-smithy-runtime", &[]),
    ("curl", &[]),
    ("hickory-resolver", &[]),
    ("isahc", &[]),
    ("native-tls", &[]),
    ("openssl", &[]),
    ("openssl-sys", &[]),
    ("quinn", &[]),
    ("s2n-tls", &[]),
    ("surf", &[]),
    ("ureq", &[]),
];

pub(super) fn check(project: &Project) -> anyhow::Result<Outcome> {
    let metadata = project.metadata(Workspace::Host)?;
    let (edges, wrong) = judge(&metadata)?;
    if !wrong.is_empty() {
        bail!("what sends belongs to portcullis-egress alone: {}", wrong.join(", "));
    }
    Ok(Outcome::Passed(format!("{edges} uses of {} packages that send", SENDERS.len())))
}

/// How many uses there are, and those that may not be. What only tests use does not count.
fn judge(metadata: &Value) -> anyhow::Result<(usize, Vec<String>)> {
    let names: BTreeMap<&str, &str> = list(metadata, "packages")
        .filter_map(|package| Some((text(package, "id")?, text(package, "name")?)))
        .collect();
    let name = |id: Option<&str>| id.and_then(|id| names.get(id)).copied();
    let resolve = metadata.get("resolve").context("cargo metadata resolves nothing")?;
    let (mut uses, mut wrong) = (0, Vec::new());
    for node in list(resolve, "nodes") {
        let user = name(text(node, "id")).unwrap_or_default();
        for need in list(node, "deps").filter(|need| is_built_from(need)) {
            let used = name(text(need, "pkg")).unwrap_or_default();
            let Some((_, users)) = SENDERS.iter().find(|(sender, _)| *sender == used) else { continue };
            uses += 1;
            if !users.contains(&user) {
                wrong.push(format!("{user} uses {used}"));
            }
        }
    }
    Ok((uses, wrong))
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn a_package_that_brings_a_client_is_found() {
        let metadata = serde_json::json!({
            "packages": [
                { "id": "1", "name": "portcullis-egress" },
                { "id": "2", "name": "reqwest" },
                { "id": "3", "name": "aws-config" },
                { "id": "4", "name": "hyper" },
                { "id": "5", "name": "some-kit" },
            ],
            "resolve": { "nodes": [
                { "id": "1", "deps": [
                    { "pkg": "2", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "3", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "5", "dep_kinds": [{ "kind": null }] },
                ] },
                { "id": "2", "deps": [{ "pkg": "4", "dep_kinds": [{ "kind": null }] }] },
                { "id": "5", "deps": [
                    { "pkg": "4", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "2", "dep_kinds": [{ "kind": "dev" }] },
                ] },
            ] },
        });
        let (uses, wrong) = judge(&metadata).unwrap();
        assert_eq!(
            (uses, wrong),
            (4, vec!["portcullis-egress uses aws-config".to_owned(), "some-kit uses hyper".to_owned()])
        );
    }
}
