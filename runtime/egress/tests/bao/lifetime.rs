//! Renewal and revocation, as the server sees them.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::host::{Host, Provider};
use crate::server::Bao;

const LOGIN: &str =
    "kind: vault, login: { method: userpass, username: agent, password: { value: password-1 } }";

fn start(token: serde_json::Value) -> Option<(Bao, Arc<Host>, Provider)> {
    let bao = Bao::start()?;
    bao.with_values("");
    bao.enable("userpass", "userpass");
    let mut user = token;
    user["password"] = json!("password-1");
    user["token_policies"] = json!("reader");
    bao.admin("POST", "auth/userpass/users/agent", &user);
    let host = Host::new();
    let provider = Provider::with_credential(&host, &bao.origin(), LOGIN);
    Some((bao, host, provider))
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let Some((bao, host, provider)) = start(json!({ "token_ttl": "1h", "token_max_ttl": "24h" })) else {
        return;
    };
    assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
    assert!(bao.tokens()[0]["last_renewal"].is_null());
    host.pass(Duration::from_secs(3300));
    assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
    let tokens = bao.tokens();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    assert!(tokens[0]["last_renewal"].is_string(), "{tokens:?}");
}

#[tokio::test]
async fn one_that_the_server_will_not_renew_is_got_anew() {
    // A batch token has no renewal.
    let Some((bao, host, provider)) = start(json!({ "token_ttl": "1h", "token_type": "batch" })) else {
        return;
    };
    for _ in 0..2 {
        assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
        host.pass(Duration::from_secs(3300));
    }
    assert!(bao.tokens().is_empty(), "the server keeps no batch tokens");
}

#[tokio::test]
async fn one_that_was_revoked_is_got_anew_within_the_request() {
    let Some((bao, host, provider)) = start(json!({ "token_ttl": "1h" })) else { return };
    assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
    for _ in 0..2 {
        host.pass(Duration::from_secs(60));
        let before = bao.tokens();
        bao.admin("POST", "auth/token/revoke-accessor", &json!({ "accessor": before[0]["accessor"] }));
        assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
        let after = bao.tokens();
        assert_eq!(after.len(), 1, "{after:?}");
        assert_ne!(after[0]["accessor"], before[0]["accessor"]);
    }
}

#[tokio::test]
async fn a_path_that_is_forbidden_makes_no_tokens() {
    let Some((bao, _host, provider)) = start(json!({ "token_ttl": "1h" })) else { return };
    for _ in 0..5 {
        assert_eq!(provider.get("/v1/kv/closed").await.unwrap().0, 403);
    }
    assert_eq!(bao.tokens().len(), 1);
}

#[tokio::test]
async fn a_given_token_is_renewed() {
    let Some(bao) = Bao::start() else { return };
    bao.with_values("");
    let made = json!({ "policies": ["reader"], "ttl": "1h", "display_name": "given" });
    let made = bao.admin("POST", "auth/token/create", &made);
    let host = Host::new();
    host.set("TOKEN", made["auth"]["client_token"].as_str().unwrap());
    let provider =
        Provider::with_credential(&host, &bao.origin(), "kind: vault, from: { env: TOKEN }, renew: true");
    let renewed = || bao.tokens().iter().any(|token| token["last_renewal"].is_string());
    assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
    assert!(!renewed());
    host.pass(Duration::from_secs(3300));
    assert_eq!(provider.get("/v1/kv/open").await.unwrap().0, 200);
    assert!(renewed());
}
