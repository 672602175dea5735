//! With which requests a text goes, and that the guest's own does not.

use crate::host::{Host, Provider};
use crate::store::Store;

const SECRET: &str = "s.host-secret/+=";

/// Credential, and the header and value that the store sees.
const KINDS: &[(&str, &str, &str)] = &[
    ("kind: header, name: x-vault-token, from: { env: T }", "x-vault-token", SECRET),
    ("kind: header, name: authorization, from: { env: T }", "authorization", SECRET),
    ("kind: header, name: x-api-key, from: { value: literal-key }", "x-api-key", "literal-key"),
    ("kind: bearer, from: { env: T }", "authorization", "Bearer s.host-secret/+="),
    ("kind: kubernetes, from: { env: T }", "authorization", "Bearer s.host-secret/+="),
    ("kind: vault, from: { env: T }", "x-vault-token", SECRET),
];

#[tokio::test]
async fn each_kind_has_its_header() {
    for (credential, header, value) in KINDS {
        let (host, store) = (Host::new(), Store::start(|_| (200, "{}".to_owned())));
        host.set("T", SECRET);
        let provider = Provider::with_credential(&host, &store.origin(), credential);
        provider.get("/v1/kv/a").await.unwrap();
        assert_eq!(store.received()[0].header(header), Some(*value), "{credential}");
    }
}

#[tokio::test]
async fn the_guests_own_copy_is_left_out() {
    for (credential, header, value) in KINDS {
        let (host, store) = (Host::new(), Store::start(|_| (200, "{}".to_owned())));
        host.set("T", SECRET);
        let provider = Provider::with_credential(&host, &store.origin(), credential);
        let own = [(*header, "guest's-own")];
        provider.send("GET", "/v1/kv/a", &own, "").await.unwrap();
        let received = &store.received()[0];
        assert_eq!(received.header(header), Some(*value), "{credential}");
        assert!(!format!("{received:?}").contains("guest's-own"), "{received:?}");
    }
}

/// Path, and whether the credential goes with it.
const PATHS: &[(&str, bool)] =
    &[("/v1/kv/a", true), ("/v1/kv/a/b", true), ("/v1/public/a", false), ("/v1/other", false)];

#[tokio::test]
async fn it_goes_with_its_paths_alone() {
    for (credential, header, _) in KINDS {
        let (host, store) = (Host::new(), Store::start(|_| (200, "{}".to_owned())));
        host.set("T", SECRET);
        let keys = format!("allow: [GET /v1/**], credential: {{ {credential}, paths: [GET /v1/kv/**] }}");
        let provider = Provider::new(&host, &store.origin(), &keys);
        for (path, goes) in PATHS {
            // What the guest sets in its place stays out where it does not go, too.
            provider.send("GET", path, &[(*header, "guest's-own")], "").await.unwrap();
            let received = store.received().pop().unwrap();
            assert_eq!(received.header(header).is_some(), *goes, "{credential} {path}");
            assert!(!format!("{received:?}").contains("guest's-own"), "{received:?}");
        }
    }
}

#[tokio::test]
async fn what_comes_back_does_not_hold_it() {
    let answers: [fn(&str) -> String; 3] = [
        |seen| format!(r#"{{"echo":"{seen}"}}"#),
        |seen| seen.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D"),
        |seen| seen.replace('/', "\\/"),
    ];
    for answer in answers {
        let store = Store::start(move |received| (200, answer(received.header("x-vault-token").unwrap())));
        let host = Host::new();
        host.set("T", SECRET);
        let provider = Provider::with_credential(&host, &store.origin(), "kind: vault, from: { env: T }");
        let (status, said) = provider.get("/v1/kv/a").await.unwrap();
        assert_eq!(status, 200);
        assert!(said.contains("****") && !said.contains("host-secret"), "{said}");
    }
}
