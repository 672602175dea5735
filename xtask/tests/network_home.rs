//! Sockets, name lookups and TLS have one home, and nothing brings a client of its own past it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;
use support::{packages, root, sources, tokens};

/// The one crate of the product that sends anything to other machines.
const HOME: &str = "portcullis-egress";
/// The one crate that listens, on this machine, and the HTTP that it answers with.
const LISTENER: (&str, [&str; 5]) =
    ("portcullis-agent", ["hyper", "hyper-util", "rcgen", "rustls", "tokio-rustls"]);

/// Crates that open sockets, look up names or speak TLS.
const SPEAKERS: [&str; 10] = [
    "reqwest",
    "rustls",
    "rustls-native-certs",
    "hyper",
    "hyper-util",
    "hyper-rustls",
    "tokio-rustls",
    "h2",
    "socket2",
    "rcgen",
];

/// Crates of tests, whose servers listen.
const TESTS: [&str; 3] = ["portcullis-test-servers", "portcullis-walls", "portcullis-benches"];

#[test]
fn one_crate_names_what_speaks() {
    for package in packages() {
        if package.name == HOME || TESTS.contains(&package.name.as_str()) {
            continue;
        }
        let speaks = |name: &&String| {
            let listens = package.name == LISTENER.0 && LISTENER.1.contains(&name.as_str());
            SPEAKERS.contains(&name.as_str()) && !listens
        };
        let named: Vec<&String> = package.dependencies.iter().filter(speaks).collect();
        assert!(named.is_empty(), "{} names {named:?}: requests go out through {HOME}", package.name);
    }
}

/// Words by which the standard library or Tokio opens a socket or looks up a name.
const WORDS: [&str; 9] = [
    "TcpStream",
    "TcpListener",
    "TcpSocket",
    "UdpSocket",
    "UnixStream",
    "UnixListener",
    "UnixDatagram",
    "ToSocketAddrs",
    "lookup_host",
];

/// Those that the listener has a use for. It connects to sockets of this machine alone, to ask another of its kind.
const LISTENS: [&str; 4] = ["TcpListener", "TcpStream", "UnixListener", "UnixStream"];

#[test]
fn one_crate_opens_sockets() {
    for folder in ["agent", "cli", "compat", "policy", "portcullis", "sandbox", "secrets", "wall"] {
        for path in sources(&root().join("runtime").join(folder).join("src")) {
            // Tests make what is to be refused.
            if path.ends_with("tests.rs") {
                continue;
            }
            let listens = |word: &String| folder == "agent" && LISTENS.contains(&word.as_str());
            let found = word(tokens(&path)).filter(|word| !listens(word));
            assert!(found.is_none(), "{} has {found:?}: sockets are {HOME}'s", path.display());
        }
    }
}

#[test]
fn a_word_is_told_from_text() {
    assert_eq!(word("fn f(a: std::net::TcpStream) {}".parse().unwrap()).unwrap(), "TcpStream");
    assert_eq!(word("// TcpStream\nfn f() { g(\"TcpStream\") }".parse().unwrap()), None);
}

fn word(tokens: TokenStream) -> Option<String> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => word(group.stream()),
        TokenTree::Ident(name) => {
            let name = name.to_string();
            WORDS.contains(&name.as_str()).then_some(name)
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// Who may use what, among all that ships. A crate for credentials that came with a client of its own would stand here.
const USERS: [(&str, &[&str]); 6] = [
    ("reqwest", &[HOME]),
    ("hyper-rustls", &["reqwest"]),
    ("hyper-util", &["reqwest", "hyper-rustls", LISTENER.0]),
    ("tokio-rustls", &["reqwest", "hyper-rustls", LISTENER.0]),
    ("h2", &["reqwest", "hyper"]),
    ("socket2", &["tokio", "hyper-util"]),
];

/// Other clients, resolvers and TLS: none of them ships.
const NEVER: [&str; 17] = [
    "attohttpc",
    "aws-config",
    "aws-lc-rs",
    "aws-lc-sys",
    "aws-smithy-http-client",
    "aws-smithy-runtime",
    "curl",
    "hickory-resolver",
    "hyper-tls",
    "isahc",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "s2n-tls",
    "surf",
    "ureq",
];

#[test]
fn nothing_that_ships_brings_a_client_of_its_own() {
    let users = users_of_what_ships();
    for never in NEVER {
        assert!(!users.contains_key(never), "{never} ships, by {:?}", users[never]);
    }
    for (name, allowed) in USERS {
        let found = users.get(name).cloned().unwrap_or_default();
        let others: Vec<&String> = found.iter().filter(|user| !allowed.contains(&user.as_str())).collect();
        assert!(others.is_empty(), "{others:?} use {name}: requests go out through {HOME}");
    }
    assert!(users["reqwest"].contains(HOME), "the test reads the graph");
}

/// For each crate that the command is made of on Linux: who uses it. Dependencies of tests do not count.
fn users_of_what_ships() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--filter-platform=x86_64-unknown-linux-gnu"])
        .arg("--manifest-path")
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |id: &Value| {
        let packages = metadata["packages"].as_array().unwrap();
        let package = packages.iter().find(|package| package["id"] == *id).unwrap();
        package["name"].as_str().unwrap().to_owned()
    };
    let nodes: BTreeMap<String, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap().to_owned(), node))
        .collect();
    let first = nodes.keys().find(|id| name(&Value::String((*id).clone())) == "portcullis-cli").unwrap();
    let (mut users, mut seen, mut next) = (BTreeMap::new(), BTreeSet::new(), vec![first.clone()]);
    while let Some(id) = next.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let user = name(&Value::String(id.clone()));
        for dependency in nodes[&id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if !kinds.iter().any(|kind| kind["kind"].is_null()) {
                continue;
            }
            let used: &mut BTreeSet<String> = users.entry(name(&dependency["pkg"])).or_default();
            used.insert(user.clone());
            next.push(dependency["pkg"].as_str().unwrap().to_owned());
        }
    }
    users
}
