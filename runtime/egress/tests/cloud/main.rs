//! Credentials of clouds: what they are made from, what arrives at the store, and how they are kept.
#![cfg(all(feature = "aws", feature = "azure", feature = "google"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/host.rs"]
mod host;
#[path = "../support/store.rs"]
mod store;

mod answers;
mod aws;
mod aws_files;
mod aws_stub;
mod azure;
mod form;
mod google;
mod jwt;
mod kept;
mod sigv4;

use std::sync::Arc;

use host::{Host, Provider};
use store::{Received, Store};

/// The time of a host whose clock was not moved, in seconds since 1970.
const NOW: u64 = 1_705_320_000;

/// A credential, the variables of the host, and what comes of it.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Text that is secret and must stay so.
const SECRET: &str = "marker-secret-1";

/// A store that takes everything, and says what it got: what a guest would read.
fn echo() -> Store {
    Store::start(|received| {
        (200, format!("{:?} {}", received.headers, String::from_utf8_lossy(&received.body)))
    })
}

/// A provider whose store echoes, and the store.
fn provider(host: &Arc<Host>, credential: &str) -> (Provider, Store) {
    let store = echo();
    let keys = format!(
        "allow: [GET /**, POST /**], headers: [content-type, x-amz-target], credential: {{ {credential} }}"
    );
    (Provider::new(host, &store.origin(), &keys), store)
}

/// The bearer that arrived with the last request.
fn bearer(store: &Store) -> String {
    let received = store.received();
    received.last().unwrap().header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

/// A host with variables.
fn host(variables: &[(&str, &str)]) -> Arc<Host> {
    let host = Host::new();
    for (name, value) in variables {
        host.set(name, value);
    }
    host
}

/// The one request that a token endpoint got.
fn only(issuer: &Store) -> Received {
    let mut received = issuer.received();
    assert_eq!(received.len(), 1, "{received:?}");
    received.remove(0)
}

/// A host with variables and files, which name the endpoints of a stub.
type HostOf = fn(&[(&str, &str)], &Store) -> Arc<Host>;

/// Every case is refused with its words, without a secret, and without a request to the store.
async fn refuses(
    cases: &[Case],
    secrets: &[&str],
    issuer: fn() -> Store,
    host: HostOf,
    credential: fn(&str, &Store) -> String,
) {
    for (text, variables, expected) in cases {
        let stub = issuer();
        let host = host(variables, &stub);
        let (provider, store) = provider(&host, &credential(text, &stub));
        let error = provider.get("/secrets/a").await.unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        for secret in secrets {
            assert!(!error.contains(secret), "{error}");
        }
        assert_eq!(store.received().len(), 0);
    }
}
