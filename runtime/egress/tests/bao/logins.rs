//! Each login that this server has.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::host::{Host, Provider};
use crate::server::Bao;
use crate::store::Store;

/// What a guest may read with this login, and what not.
async fn reads(host: &Arc<Host>, bao: &Bao, login: &str) -> (u16, u16) {
    let provider = Provider::with_credential(host, &bao.origin(), &format!("kind: vault, {login}"));
    let (open, said) = provider.get("/v1/kv/open").await.unwrap();
    assert!(open != 200 || said.contains("v-1"), "{said}");
    (open, provider.get("/v1/kv/closed").await.unwrap().0)
}

/// The error of a login.
async fn refused(host: &Arc<Host>, bao: &Bao, login: &str) -> String {
    let provider = Provider::with_credential(host, &bao.origin(), &format!("kind: vault, {login}"));
    provider.get("/v1/kv/open").await.unwrap_err().to_string()
}

/// A role of AppRole; gives its id and a secret for it.
fn app_role(bao: &Bao, namespace: &str, mount: &str) -> (String, String) {
    bao.admin_in(namespace, "POST", &format!("sys/auth/{mount}"), &json!({ "type": "approle" }));
    let role = format!("auth/{mount}/role/agent");
    bao.admin_in(namespace, "POST", &role, &json!({ "token_policies": "reader", "token_ttl": "1h" }));
    let id = bao.admin_in(namespace, "GET", &format!("{role}/role-id"), &Value::Null);
    let secret = bao.admin_in(namespace, "POST", &format!("{role}/secret-id"), &json!({}));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&id["data"]["role_id"]), text(&secret["data"]["secret_id"]))
}

#[tokio::test]
async fn app_role_at_its_own_mount_and_in_a_namespace() {
    let Some(bao) = Bao::start() else { return };
    bao.admin("POST", "sys/namespaces/team", &json!({}));
    for (namespace, mount, keys) in
        [("", "approle", ""), ("", "deep/mount", ", mount: deep/mount"), ("team", "approle", "")]
    {
        if mount == "approle" {
            bao.with_values(namespace);
        }
        let (role, secret) = app_role(&bao, namespace, mount);
        let host = Host::new();
        host.set("ROLE", &role);
        host.set("SECRET", &secret);
        let login = format!(
            "login: {{ method: approle, role_id: {{ env: ROLE }}, secret_id: {{ env: SECRET }}{keys} }}"
        );
        let login = if namespace.is_empty() { login } else { format!("{login}, namespace: {namespace}") };
        assert_eq!(reads(&host, &bao, &login).await, (200, 403), "{namespace} {mount}");
        host.set("SECRET", "7d1b1d5c-0000-0000-0000-000000000000");
        let error = refused(&host, &bao, &login).await;
        let expected = format!(
            "no credential: vault: the login at auth/{mount} answered 400: invalid role or secret ID"
        );
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn userpass() {
    let Some(bao) = Bao::start() else { return };
    bao.with_values("");
    bao.enable("userpass", "userpass");
    let user = json!({ "password": "pass \"word\" \u{e9}", "token_policies": "reader" });
    bao.admin("POST", "auth/userpass/users/agent-1.corp", &user);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    let login = format!(
        "login: {{ method: userpass, username: agent-1.corp, password: {{ file: '{}' }} }}",
        path.display()
    );
    fs::write(&path, "pass \"word\" \u{e9}\n").unwrap();
    assert_eq!(reads(&Host::new(), &bao, &login).await, (200, 403));
    fs::write(&path, "another").unwrap();
    assert_eq!(
        refused(&Host::new(), &bao, &login).await,
        "no credential: vault: the login at auth/userpass answered 400: invalid username or password"
    );
}

/// A token of a service account, whose signature nobody but the cluster checks.
fn service_account(signature: &str) -> String {
    let encode = |text: &str| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = json!({
        "iss": "https://kubernetes.default.svc.cluster.local",
        "aud": ["https://kubernetes.default.svc.cluster.local"],
        "sub": "system:serviceaccount:monitoring:agent",
        "iat": 1_705_320_000,
        "exp": 4_102_444_800_u64,
        "kubernetes.io": { "namespace": "monitoring", "serviceaccount": { "name": "agent", "uid": "u-1" } },
    });
    let header = encode(r#"{"alg":"RS256","kid":"k"}"#);
    format!("{header}.{}.{}", encode(&claims.to_string()), encode(signature))
}

#[tokio::test]
async fn kubernetes_asks_the_cluster_about_the_token() {
    let Some(bao) = Bao::start() else { return };
    let current = service_account("current");
    let accepts = current.clone();
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let cluster = Store::start(move |received| {
        assert_eq!(received.line(), "POST /apis/authentication.k8s.io/v1/tokenreviews");
        seen.store(true, Ordering::SeqCst);
        let review = received.json();
        let known = review["spec"]["token"] == accepts.as_str();
        let user = json!({
            "username": "system:serviceaccount:monitoring:agent", "uid": "u-1",
            "groups": ["system:serviceaccounts", "system:serviceaccounts:monitoring", "system:authenticated"],
        });
        let audiences = &review["spec"]["audiences"];
        let status = json!({ "authenticated": true, "user": user, "audiences": audiences });
        let status = if known { status } else { json!({}) };
        let answer = json!({
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": review["spec"], "status": status,
        });
        (201, answer.to_string())
    });
    bao.with_values("");
    bao.enable("kubernetes", "k8s");
    let config = json!({
        "kubernetes_host": cluster.origin(), "disable_local_ca_jwt": true, "token_reviewer_jwt": service_account("reviewer"),
        // Asked for, and not used without TLS.
        "kubernetes_ca_cert": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
    });
    bao.admin("POST", "auth/k8s/config", &config);
    let role = json!({
        "bound_service_account_names": "agent", "bound_service_account_namespaces": "monitoring", "token_policies": "reader",
        "audience": "https://kubernetes.default.svc.cluster.local",
    });
    bao.admin("POST", "auth/k8s/role/agent", &role);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let login = |role: &str| {
        format!(
            "login: {{ method: kubernetes, mount: k8s, role: {role}, jwt: {{ file: '{}' }} }}",
            path.display()
        )
    };
    fs::write(&path, format!("{current}\n")).unwrap();
    assert_eq!(reads(&Host::new(), &bao, &login("agent")).await, (200, 403));
    assert!(asked.load(Ordering::SeqCst));
    assert_eq!(
        refused(&Host::new(), &bao, &login("other")).await,
        "no credential: vault: the login at auth/k8s answered 400: invalid role name"
    );
    // The token is another by now.
    fs::write(&path, service_account("expired")).unwrap();
    let error = refused(&Host::new(), &bao, &login("agent")).await;
    assert_eq!(error, "no credential: vault: the login at auth/k8s answered 403: permission denied");
}

/// A key of the test, and statements that it signs.
struct Issuer(Ed25519KeyPair);

impl Issuer {
    fn new() -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self(Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap())
    }

    /// The public half, as a `SubjectPublicKeyInfo`: an Ed25519 key has these twelve bytes before it.
    fn public(&self) -> String {
        let mut bytes = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        bytes.extend(self.0.public_key().as_ref());
        let text = base64::prelude::BASE64_STANDARD.encode(bytes);
        format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
    }

    /// A token for `subject` that is valid until a time far off, or was until long ago.
    fn token(&self, subject: &str, valid: bool) -> String {
        let encode = |text: &str| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(text);
        let expires = if valid { 4_102_444_800_u64 } else { 1_600_000_000 };
        let claims = json!({
            "iss": "https://issuer.example", "aud": "vault", "sub": subject, "iat": 1_599_996_400, "exp": expires,
        });
        let text = format!("{}.{}", encode(r#"{"alg":"EdDSA","typ":"JWT"}"#), encode(&claims.to_string()));
        let signature = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(self.0.sign(text.as_bytes()));
        format!("{text}.{signature}")
    }
}

#[tokio::test]
async fn jwt_of_an_issuer_of_ones_own() {
    let Some(bao) = Bao::start() else { return };
    let issuer = Issuer::new();
    bao.with_values("");
    bao.enable("jwt", "ci/jwt");
    let config = json!({
        "jwt_validation_pubkeys": [issuer.public()], "jwt_supported_algs": ["EdDSA"], "bound_issuer": "https://issuer.example",
        "default_role": "agent",
    });
    bao.admin("POST", "auth/ci/jwt/config", &config);
    let role = json!({
        "role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"], "bound_subject": "agent",
        "token_policies": "reader",
    });
    bao.admin("POST", "auth/ci/jwt/role/agent", &role);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, issuer.token("agent", true)).unwrap();
    let login = |role: &str| {
        format!("login: {{ method: jwt, mount: ci/jwt, {role}jwt: {{ file: '{}' }} }}", path.display())
    };
    for role in ["", "role: agent, "] {
        assert_eq!(reads(&Host::new(), &bao, &login(role)).await, (200, 403), "{role}");
    }
    let refusals = [
        (issuer.token("agent", false), "token is expired"),
        (issuer.token("other", true), "invalid subject"),
        (Issuer::new().token("agent", true), "no known key successfully validated the token signature"),
    ];
    for (token, problem) in refusals {
        fs::write(&path, token).unwrap();
        let error = refused(&Host::new(), &bao, &login("")).await;
        assert_eq!(error, format!("no credential: vault: the login at auth/ci/jwt answered 400: {problem}"));
    }
}
