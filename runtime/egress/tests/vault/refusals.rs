//! A store that gives no token: what is said, and that it holds nothing of what was sent or answered.

use std::time::Duration;

use crate::host::{Host, Provider};
use crate::stub::Vault;

const ROLE: &str = "role-marker-1f";
const SECRET: &str = "secret-marker-2e";
const LOGIN: &str = "kind: vault, login: { method: approle, role_id: { value: role-marker-1f }, secret_id: { value: secret-marker-2e } }";

/// The answer to a login, and the whole error after `vault: `.
const ANSWERS: &[(u16, &str, &str)] = &[
    (
        400,
        r#"{"errors":["invalid role or secret ID"]}"#,
        "the login at auth/approle answered 400: invalid role or secret ID",
    ),
    (
        400,
        r#"{"errors":["role-marker-1f with secret-marker-2e is unknown"]}"#,
        "the login at auth/approle answered 400",
    ),
    (403, r#"{"errors":["permission denied"]}"#, "the login at auth/approle answered 403: permission denied"),
    (
        404,
        r#"{"errors":["no handler for route \"auth/approle/login\". route entry not found."]}"#,
        "the login at auth/approle answered 404: no handler for route",
    ),
    (503, r#"{"errors":["Vault is sealed"]}"#, "the login at auth/approle answered 503: is sealed"),
    (500, "<html>secret-marker-2e</html>", "the login at auth/approle answered 500"),
    (
        307,
        "",
        "the login at auth/approle answered 307: redirects are not followed, so name the node that answers as the origin",
    ),
    (200, "", "the login at auth/approle: its answer is not that of a login"),
    (200, "hvs.marker-3d", "the login at auth/approle: its answer is not that of a login"),
    (200, r#"{"auth":"hvs.marker-3d"}"#, "the login at auth/approle: its answer is not that of a login"),
    (
        200,
        r#"{"auth":{"client_token":["hvs.marker-3d"]}}"#,
        "the login at auth/approle: its answer is not that of a login",
    ),
    (200, r#"{"data":{"a":"hvs.marker-3d"}}"#, "the login at auth/approle: its answer has no token"),
    (
        200,
        r#"{"auth":{"client_token":""}}"#,
        "the login at auth/approle: its answer has no token that a header can have",
    ),
    (
        200,
        r#"{"auth":{"client_token":"hvs.marker-3d\nx-other: 1"}}"#,
        "the login at auth/approle: its answer has no token that a header can have",
    ),
    (
        200,
        r#"{"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"hvs.marker-3d"}}}"#,
        "the login at auth/approle: it asks for a second factor, which a host has not: use a role without one",
    ),
];

#[tokio::test]
async fn what_the_store_says_is_told_in_safe_words() {
    for (status, body, expected) in ANSWERS {
        let vault = Vault::start();
        vault.change(|state| state.login = Some((*status, (*body).to_owned())));
        let provider = Provider::with_credential(&Host::new(), &vault.store.origin(), LOGIN);
        let error = provider.get("/v1/kv/a").await.unwrap_err();
        assert_eq!(error.to_string(), format!("no credential: vault: {expected}"));
        let all = format!("{error} {error:?}");
        for marker in [ROLE, SECRET, "hvs.marker-3d"] {
            assert!(!all.contains(marker), "{all}");
        }
        assert_eq!(vault.lines().len(), 1, "the guest's request is not sent without a token");
    }
}

#[tokio::test]
async fn a_refused_login_is_not_tried_by_each_request() {
    let (host, vault) = (Host::new(), Vault::start());
    vault.change(|state| state.login = Some((400, String::new())));
    let provider = Provider::with_credential(&host, &vault.store.origin(), LOGIN);
    for _ in 0..10 {
        provider.get("/v1/kv/a").await.unwrap_err();
    }
    assert_eq!(vault.lines().len(), 1);
    host.pass(Duration::from_secs(5));
    provider.get("/v1/kv/a").await.unwrap_err();
    assert_eq!(vault.lines().len(), 2);
    // It is mended.
    vault.change(|state| state.login = None);
    host.pass(Duration::from_secs(5));
    assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
}

#[tokio::test]
async fn a_token_that_still_counts_is_used_while_the_store_gives_none() {
    let (host, vault) = (Host::new(), Vault::start());
    vault.change(|state| state.renewable = false);
    let provider = Provider::with_credential(&host, &vault.store.origin(), LOGIN);
    provider.get("/v1/kv/a").await.unwrap();
    vault.change(|state| state.login = Some((503, String::new())));
    for seconds in [3300, 1, 200] {
        host.pass(Duration::from_secs(seconds));
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
    }
    host.pass(Duration::from_secs(99));
    let error = provider.get("/v1/kv/a").await.unwrap_err().to_string();
    assert_eq!(error, "no credential: vault: the login at auth/approle answered 503");
}

#[tokio::test]
async fn a_given_token_that_the_store_does_not_know_is_said() {
    let vault = Vault::start();
    let credential = "kind: vault, from: { value: hvs.marker-3d }, renew: true";
    let provider = Provider::with_credential(&Host::new(), &vault.store.origin(), credential);
    let error = provider.get("/v1/kv/a").await.unwrap_err().to_string();
    let expected = "no credential: vault: the token is not valid, or may not look itself up: give another, or remove `renew`";
    assert_eq!(error, expected);
}

#[tokio::test]
async fn a_store_that_is_not_there_is_said() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let provider = Provider::with_credential(&Host::new(), &origin, LOGIN);
    let error = provider.get("/v1/kv/a").await.unwrap_err().to_string();
    assert_eq!(error, format!("no credential: vault: {origin}: no connection: connection refused"));
}
