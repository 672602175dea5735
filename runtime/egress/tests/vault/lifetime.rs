//! When a token is renewed, when it is got anew, and that no request fails for it.

use std::fs;
use std::time::Duration;

use crate::host::{Host, Provider};
use crate::stub::Vault;

const LOGIN: &str =
    "kind: vault, login: { method: approle, role_id: { value: role-1 }, secret_id: { value: secret-1 } }";
const AT_LOGIN: &str = "POST /v1/auth/approle/login";
const RENEWAL: &str = "POST /v1/auth/token/renew-self";
const LOOKUP: &str = "GET /v1/auth/token/lookup-self";
const READ: &str = "GET /v1/kv/a";

/// What the store gives, seconds that pass before each request of the guest, and all that the store is asked.
struct Row {
    name: &'static str,
    lasts: u64,
    renewable: bool,
    renewed_lasts: u64,
    renewal: Option<u16>,
    passes: &'static [u64],
    asked: &'static [&'static str],
}

const USUAL: Row = Row {
    name: "",
    lasts: 3600,
    renewable: true,
    renewed_lasts: 3600,
    renewal: None,
    passes: &[],
    asked: &[],
};

const ROWS: &[Row] = &[
    Row { name: "not before it is time", passes: &[0, 3299], asked: &[AT_LOGIN, READ, READ], ..USUAL },
    Row {
        name: "five minutes before the end of a long one",
        passes: &[0, 3300, 3299, 1],
        asked: &[AT_LOGIN, READ, RENEWAL, READ, READ, RENEWAL, READ],
        ..USUAL
    },
    Row {
        name: "a fifth before the end of a short one",
        lasts: 100,
        renewed_lasts: 100,
        passes: &[0, 79, 1, 79, 1],
        asked: &[AT_LOGIN, READ, READ, RENEWAL, READ, READ, RENEWAL, READ],
        ..USUAL
    },
    Row {
        name: "one that cannot be renewed is got anew",
        renewable: false,
        passes: &[0, 3300, 3300],
        asked: &[AT_LOGIN, READ, AT_LOGIN, READ, AT_LOGIN, READ],
        ..USUAL
    },
    Row {
        name: "one that the store does not renew any more is got anew",
        renewal: Some(400),
        passes: &[0, 3300],
        asked: &[AT_LOGIN, READ, RENEWAL, AT_LOGIN, READ],
        ..USUAL
    },
    Row {
        name: "one near its longest time is renewed once more, and then got anew",
        renewed_lasts: 1000,
        passes: &[0, 3300, 800],
        asked: &[AT_LOGIN, READ, RENEWAL, READ, AT_LOGIN, READ],
        ..USUAL
    },
    Row {
        name: "one that has ended is not renewed",
        passes: &[0, 3600],
        asked: &[AT_LOGIN, READ, AT_LOGIN, READ],
        ..USUAL
    },
    Row {
        name: "one without an end is kept",
        lasts: 0,
        passes: &[0, 86_400, 8_640_000],
        asked: &[AT_LOGIN, READ, READ, READ],
        ..USUAL
    },
    Row {
        name: "a renewal that the store is too busy for is tried again later, and the old one is used",
        renewal: Some(503),
        passes: &[0, 3300, 1, 5],
        asked: &[AT_LOGIN, READ, RENEWAL, READ, READ, RENEWAL, READ],
        ..USUAL
    },
];

#[tokio::test]
async fn a_token_is_renewed_or_got_anew_in_time() {
    for row in ROWS {
        let (host, vault) = (Host::new(), Vault::start());
        vault.change(|state| {
            (state.lasts, state.renewable, state.renewed_lasts) =
                (row.lasts, row.renewable, row.renewed_lasts);
            state.renewal =
                row.renewal.map(|status| (status, r#"{"errors":["lease is not renewable"]}"#.to_owned()));
        });
        let provider = Provider::with_credential(&host, &vault.store.origin(), LOGIN);
        for seconds in row.passes {
            host.pass(Duration::from_secs(*seconds));
            assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200, "{}", row.name);
        }
        assert_eq!(vault.lines(), row.asked, "{}", row.name);
    }
}

#[tokio::test]
async fn one_that_was_revoked_is_got_anew_within_the_request() {
    let (host, vault) = (Host::new(), Vault::start());
    let provider = Provider::with_credential(&host, &vault.store.origin(), LOGIN);
    provider.get("/v1/kv/a").await.unwrap();
    for _ in 0..2 {
        host.pass(Duration::from_secs(60));
        vault.change(|state| state.tokens.clear());
        let before = vault.lines().len();
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
        assert_eq!(vault.lines()[before..], [READ, LOOKUP, AT_LOGIN, READ]);
    }
    assert_eq!(vault.store.received().last().unwrap().header("x-vault-token"), Some("hvs.token-3"));
}

#[tokio::test]
async fn a_path_that_is_forbidden_makes_no_login() {
    let vault = Vault::start();
    let provider = Provider::with_credential(&Host::new(), &vault.store.origin(), LOGIN);
    for _ in 0..2 {
        assert_eq!(provider.get("/v1/kv/forbidden").await.unwrap().0, 403);
    }
    let forbidden = "GET /v1/kv/forbidden";
    assert_eq!(vault.lines(), [AT_LOGIN, forbidden, LOOKUP, forbidden, LOOKUP]);
}

#[tokio::test]
async fn a_store_that_forgets_at_once_makes_no_loop() {
    let (host, vault) = (Host::new(), Vault::start());
    // Every token that it gives is one that it does not take.
    let auth = r#"{"auth":{"client_token":"hvs.unknown","lease_duration":3600,"renewable":true}}"#;
    vault.change(|state| state.login = Some((200, auth.to_owned())));
    let provider = Provider::with_credential(&host, &vault.store.origin(), LOGIN);
    assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 403);
    assert_eq!(vault.lines(), [AT_LOGIN, READ, LOOKUP, AT_LOGIN, READ]);
    for _ in 0..20 {
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 403);
    }
    let logins = || vault.lines().iter().filter(|line| *line == AT_LOGIN).count();
    assert_eq!(logins(), 2, "not one for each request");
    host.pass(Duration::from_secs(5));
    vault.change(|state| state.login = None);
    assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
    assert_eq!(logins(), 3);
}

#[tokio::test]
async fn a_given_token_is_renewed_where_the_policy_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let (host, vault) = (Host::new(), Vault::start());
    vault.change(|state| state.tokens.extend(["hvs.given".to_owned(), "hvs.another-one".to_owned()]));
    fs::write(&path, "hvs.given").unwrap();
    let credential = format!("kind: vault, from: {{ file: '{}' }}, renew: true", path.display());
    let provider = Provider::with_credential(&host, &vault.store.origin(), &credential);
    for seconds in [0, 3299, 1] {
        host.pass(Duration::from_secs(seconds));
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
    }
    assert_eq!(vault.lines(), [LOOKUP, READ, READ, RENEWAL, READ]);
    // Another token: the time of the old one does not count.
    fs::write(&path, "hvs.another-one").unwrap();
    let before = vault.lines().len();
    assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
    assert_eq!(vault.lines()[before..], [LOOKUP, READ]);
    assert_eq!(vault.store.received().last().unwrap().header("x-vault-token"), Some("hvs.another-one"));
    // One that cannot be renewed is used as long as the store takes it.
    vault.change(|state| state.renewable = false);
    fs::write(&path, "hvs.given").unwrap();
    let before = vault.lines().len();
    for seconds in [0, 3500, 3500] {
        host.pass(Duration::from_secs(seconds));
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
    }
    assert_eq!(vault.lines()[before..], [LOOKUP, READ, READ, READ]);
}

#[tokio::test]
async fn a_login_reads_its_files_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret-id");
    let (host, vault) = (Host::new(), Vault::start());
    vault.change(|state| state.renewable = false);
    let credential = format!(
        "kind: vault, login: {{ method: approle, role_id: {{ value: r }}, secret_id: {{ file: '{}' }} }}",
        path.display()
    );
    let provider = Provider::with_credential(&host, &vault.store.origin(), &credential);
    // Not there yet, and there a moment later: nobody waits for a pause.
    let error = provider.get("/v1/kv/a").await.unwrap_err().to_string();
    assert_eq!(error, format!("no credential: {}: entity not found", path.display()));
    for secret in ["first-secret", "second-secret"] {
        fs::write(&path, format!("{secret}\n")).unwrap();
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
        host.pass(Duration::from_secs(3600));
    }
    let logins: Vec<_> =
        vault.store.received().into_iter().filter(|request| request.line() == AT_LOGIN).collect();
    let secrets: Vec<_> = logins.iter().map(|login| login.json()["secret_id"].clone()).collect();
    assert_eq!(secrets, ["first-secret", "second-secret"]);
}
