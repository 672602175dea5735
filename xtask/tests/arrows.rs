//! Which crate may use which, and where wasmtime is. `ARCHITECTURE.md` draws the same arrows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::packages;

/// Every crate of both workspaces, and what it may use of ours: in the product, in builds and in tests alike.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "portcullis-cli",
        &[
            "portcullis",
            "portcullis-agent",
            "portcullis-sandbox",
            "portcullis-policy",
            "portcullis-secrets",
            "portcullis-compat",
            "portcullis-wall",
        ],
    ),
    ("portcullis-agent", &["portcullis", "portcullis-policy", "portcullis-secrets"]),
    // This and the sandbox test themselves with hand-written backends.
    (
        "portcullis",
        &[
            "portcullis-sandbox",
            "portcullis-egress",
            "portcullis-policy",
            "portcullis-secrets",
            "portcullis-compat",
            "portcullis-assemble",
        ],
    ),
    ("portcullis-sandbox", &["portcullis-egress", "portcullis-policy", "portcullis-assemble"]),
    ("portcullis-egress", &["portcullis-policy"]),
    ("portcullis-policy", &[]),
    ("portcullis-secrets", &[]),
    ("portcullis-compat", &[]),
    ("portcullis-wall", &[]),
    ("portcullis-guest", &["portcullis-compat"]),
    ("portcullis-file-providers", &["portcullis-guest", "portcullis-compat"]),
    // What the sandbox must contain, as guests of the tests.
    ("portcullis-hostile-guests", &["portcullis-guest"]),
    // Backends by hand.
    ("portcullis-assemble", &[]),
    // Servers that misbehave.
    ("portcullis-test-servers", &[]),
    // Runs hostile guests against the sandbox, and against the library where a guest attacks its neighbours or its policy.
    (
        "portcullis-walls",
        &[
            "portcullis",
            "portcullis-sandbox",
            "portcullis-egress",
            "portcullis-policy",
            "portcullis-assemble",
            "portcullis-test-servers",
        ],
    ),
    // Feeds foreign bytes to whatever reads them.
    (
        "portcullis-replay",
        &[
            "portcullis",
            "portcullis-agent",
            "portcullis-egress",
            "portcullis-sandbox",
            "portcullis-policy",
            "portcullis-secrets",
            "portcullis-compat",
            "portcullis-assemble",
        ],
    ),
    // Measures the product against its floors, bare wasmtime among them.
    (
        "portcullis-benches",
        &[
            "portcullis-egress",
            "portcullis-sandbox",
            "portcullis-test-servers",
            "portcullis-policy",
            "portcullis-secrets",
            "portcullis-assemble",
        ],
    ),
    // The readers of the example files, in a test.
    ("xtask", &["portcullis-policy", "portcullis-secrets"]),
];

/// The one crate of the product that may name wasmtime, and the benches, which need the bare one to compare with.
const WASMTIME: [&str; 2] = ["portcullis-sandbox", "portcullis-benches"];

#[test]
fn every_crate_uses_only_what_the_arrows_allow() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    let packages = packages();
    let found: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(found, allowed.keys().copied().collect(), "every crate has its row, and every row its crate");
    for package in &packages {
        let ours = package.dependencies.iter().map(String::as_str).filter(|name| allowed.contains_key(name));
        let forbidden: Vec<&str> =
            ours.filter(|name| !allowed[package.name.as_str()].contains(name)).collect();
        assert!(forbidden.is_empty(), "{} must not use {forbidden:?}", package.name);
    }
}

#[test]
fn wasmtime_has_one_home() {
    for package in packages() {
        let engine: Vec<&String> =
            package.dependencies.iter().filter(|name| name.split('-').next() == Some("wasmtime")).collect();
        assert_eq!(
            !engine.is_empty(),
            WASMTIME.contains(&package.name.as_str()),
            "{} names {engine:?}",
            package.name
        );
    }
}
