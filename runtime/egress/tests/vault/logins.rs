//! What each login sends.

use serde_json::json;

use crate::host::{Host, Provider};
use crate::stub::Vault;

/// The login, the path that it goes to, and its body.
fn rows() -> Vec<(&'static str, &'static str, serde_json::Value)> {
    vec![
        (
            "method: approle, role_id: { env: ROLE }, secret_id: { env: SECRET }",
            "/v1/auth/approle/login",
            json!({ "role_id": "role-of-env", "secret_id": "secret-of-env" }),
        ),
        (
            "method: approle, mount: team-a/app.role_2, role_id: { value: role-in-file }",
            "/v1/auth/team-a/app.role_2/login",
            json!({ "role_id": "role-in-file" }),
        ),
        (
            "method: userpass, username: agent, password: { env: SECRET }",
            "/v1/auth/userpass/login/agent",
            json!({ "password": "secret-of-env" }),
        ),
        (
            r#"method: ldap, mount: corp, username: 'CORP\ag ent+1%@x?#', password: { env: QUOTED }"#,
            "/v1/auth/corp/login/CORP%5Cag%20ent+1%25@x%3F%23",
            json!({ "password": "a\"b\\c\u{e9}" }),
        ),
        (
            "method: kubernetes, role: agent, jwt: { env: JWT }",
            "/v1/auth/kubernetes/login",
            json!({ "role": "agent", "jwt": "head.body.signature" }),
        ),
        (
            "method: jwt, mount: k8s, jwt: { env: JWT }",
            "/v1/auth/k8s/login",
            json!({ "jwt": "head.body.signature" }),
        ),
    ]
}

fn host() -> std::sync::Arc<Host> {
    let host = Host::new();
    for (name, value) in [
        ("ROLE", "role-of-env"),
        ("SECRET", "secret-of-env"),
        ("QUOTED", "a\"b\\c\u{e9}"),
        ("JWT", "head.body.signature"),
    ] {
        host.set(name, value);
    }
    host
}

#[tokio::test]
async fn each_login_gives_the_token_of_all_requests_that_follow() {
    for (login, path, body) in rows() {
        let vault = Vault::start();
        let provider = Provider::with_credential(
            &host(),
            &vault.store.origin(),
            &format!("kind: vault, login: {{ {login} }}"),
        );
        assert!(vault.lines().is_empty(), "nobody is asked before the first request");
        for _ in 0..3 {
            assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200, "{login}");
        }
        let received = vault.store.received();
        assert_eq!(vault.lines()[..2], [format!("POST {path}"), "GET /v1/kv/a".to_owned()], "{login}");
        assert_eq!(received.len(), 4, "one login: {:?}", vault.lines());
        let first = &received[0];
        assert_eq!(first.json(), body, "{login}");
        assert_eq!(first.header("content-type"), Some("application/json"));
        assert_eq!(first.header("x-vault-request"), Some("true"));
        assert_eq!(first.header("x-vault-token"), None);
        assert_eq!(first.header("x-vault-namespace"), None);
        for request in &received[1..] {
            assert_eq!(request.header("x-vault-token"), Some("hvs.token-1"), "{login}");
        }
    }
}

#[tokio::test]
async fn nothing_of_a_login_comes_back_to_the_guest() {
    for (login, _, body) in rows() {
        let vault = Vault::start();
        let provider = Provider::with_credential(
            &host(),
            &vault.store.origin(),
            &format!("kind: vault, login: {{ {login} }}"),
        );
        // The store answers with all that it saw, and the guest sends what it would like to find out.
        let secret = body.as_object().unwrap().iter().find(|(key, _)| *key != "role").unwrap().1;
        let secret = secret.as_str().unwrap();
        let (status, said) =
            provider.send("PUT", "/v1/kv/a", &[], &format!("is it {secret}?")).await.unwrap();
        assert_eq!(status, 200);
        let said: serde_json::Value = serde_json::from_str(said.split_once('\n').unwrap().1).unwrap();
        let (seen, echo) = (said["data"]["seen"].to_string(), said["data"]["body"].to_string());
        assert!(seen.contains("***") && !seen.contains("hvs.token-1"), "{login}: {said}");
        assert!(echo.contains("is it *"), "{login}: {said}");
    }
}

/// The namespace of the credential, `headers` of the destination, what the guest sets, and what the store sees at the login
/// and at the guest's request.
type Namespace<'a> = (&'a str, &'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

const NAMESPACES: &[Namespace<'_>] = &[
    ("", "", None, None, None),
    (", namespace: team-a/b", "", None, Some("team-a/b"), Some("team-a/b")),
    (", namespace: team-a", ", headers: [x-vault-namespace]", None, Some("team-a"), Some("team-a")),
    (", namespace: team-a", ", headers: [x-vault-namespace]", Some("other"), Some("team-a"), Some("other")),
    ("", ", headers: [x-vault-namespace]", Some("other"), None, Some("other")),
];

#[tokio::test]
async fn the_namespace_is_the_hosts_unless_the_policy_lists_the_header() {
    for (namespace, headers, guest, at_login, at_request) in NAMESPACES {
        let vault = Vault::start();
        let login = "login: { method: approle, role_id: { env: ROLE } }";
        let keys = format!("allow: [GET /v1/**]{headers}, credential: {{ kind: vault, {login}{namespace} }}");
        let provider = Provider::new(&host(), &vault.store.origin(), &keys);
        let own: Vec<(&str, &str)> = guest.iter().map(|guest| ("x-vault-namespace", *guest)).collect();
        provider.send("GET", "/v1/kv/a", &own, "").await.unwrap();
        let received = vault.store.received();
        assert_eq!(received[0].header("x-vault-namespace"), *at_login, "{namespace} {headers}");
        assert_eq!(received[1].header("x-vault-namespace"), *at_request, "{namespace} {headers}");
    }
}
