//! Endpoints that would hand the host's credential to the guest.

use portcullis_policy::Reason;

use crate::{policy, reason};

/// Credential, origin, method, path, whether it is refused.
const ROWS: &[(&str, &str, &str, &str, bool)] = &[
    (VAULT, A, "GET", "/v1/kv/data/a", false),
    (VAULT, A, "GET", "/v1/auth/token/lookup-self", true),
    (VAULT, A, "GET", "/v1/auth/TOKEN/Lookup-Self", true),
    (VAULT, A, "POST", "/v1/auth/token/create", true),
    (VAULT, A, "POST", "/v1/auth/token/renew-self", true),
    (VAULT, A, "GET", "/v1/team/a/auth/token/lookup-self", true),
    (VAULT, A, "POST", "/v1/auth/approle/login", true),
    (VAULT, A, "GET", "/v1/auth/approle/login", true),
    (VAULT, A, "POST", "/v1/auth/userpass/login/me", true),
    (VAULT, A, "PUT", "/v1/auth/team/kubernetes/login", true),
    (VAULT, A, "PUT", "/v1/ns/auth/kubernetes/login", true),
    (VAULT, A, "GET", "/v1/auth/corp/oidc/callback", true),
    (VAULT, A, "GET", "/vault/v1/auth/token/lookup-self", true),
    (VAULT, A, "POST", "/v1/auth/approle/role/agent/secret-id", true),
    (VAULT, A, "POST", "/v1/ns/auth/team/approle/role/agent/custom-secret-id", true),
    (VAULT, A, "GET", "/v1/auth/approle/role/agent/role-id", false),
    (VAULT, A, "GET", "/v1/identity/oidc/token/agent", true),
    (LOGIN, A, "GET", "/v1/kv/data/a", false),
    (LOGIN, A, "POST", "/v1/auth/team/app/login", true),
    (LOGIN, A, "GET", "/v1/auth/token/lookup-self", true),
    // A value of such a name.
    (VAULT, A, "GET", "/v1/kv/data/auth/github/login", false),
    (VAULT, A, "GET", "/v1/kv/data/auth/token", false),
    // The same by other readings, which `encoded: true` allows.
    (VAULT, A, "GET", "/v1//auth/token/lookup-self/", true),
    (VAULT, A, "GET", "/v1/auth%2Ftoken%2Flookup-self", true),
    (VAULT, A, "GET", "/v1/auth%252Ftoken%25252Flookup-self", true),
    (VAULT, A, "GET", "/v1/auth%5Ctoken%5Clookup-self", true),
    (VAULT, A, "GET", "/v1/kv/x%2F..%2F..%2Fauth/token/lookup-self", true),
    (VAULT, A, "GET", "/v1/kv/%25%2F%2E.%2F..%2Fauth/token/lookup-self", true),
    (VAULT, A, "GET", "/v1/auth/token%2Fx%2F..%2Flookup-self", true),
    (VAULT, A, "GET", "/v1/..%2Fauth/token/lookup-self", true),
    (VAULT, A, "GET", "/v1/auth;a/token;b/lookup-self;c=d", true),
    (VAULT, A, "GET", "/v1/auth/token/lookup-self%00.json", true),
    // Other kinds that such a token can come by.
    ("kind: header, name: x-vault-token, from: { file: /t }", A, "GET", "/v1/auth/token/lookup-self", true),
    ("kind: bearer, from: { file: /t }", A, "GET", "/v1/auth/token/lookup-self", true),
    ("kind: bearer, from: { file: /t }", A, "POST", "/api/v1/namespaces/n/serviceaccounts/s/token", true),
    ("kind: header, name: x-api-key, from: { file: /t }", A, "GET", "/v1/auth/token/lookup-self", false),
    ("kind: kubernetes", A, "POST", "/api/v1/namespaces/n/serviceaccounts/s/token", true),
    ("kind: kubernetes", A, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", true),
    ("kind: kubernetes", A, "POST", "/apis/authentication.k8s.io/v1/tokenreviews", true),
    ("kind: kubernetes", A, "POST", "/k8s/clusters/c/api/v1/namespaces/n/serviceaccounts/s/token", true),
    ("kind: kubernetes", A, "GET", "/api/v1/namespaces/n/secrets/s", false),
    ("kind: kubernetes", A, "GET", "/v1/auth/token/lookup-self", false),
    (AWS, "https://secretsmanager.eu-west-1.amazonaws.com", "POST", "/", false),
    (AWS, "https://sts.amazonaws.com", "POST", "/", true),
    (AWS, "https://sts.eu-west-1.amazonaws.com", "POST", "/", true),
    (AWS, "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com", "POST", "/", true),
    (AWS, "https://portal.sso.eu-west-1.amazonaws.com", "GET", "/federation/credentials", true),
    ("kind: azure", "https://name.vault.azure.net", "GET", "/secrets/a/", false),
    ("kind: azure", "https://login.microsoftonline.com", "POST", "/tenant/oauth2/v2.0/token", true),
    (AWS, A, "PUT", "/latest/api/token", true),
    (AWS, A, "GET", "/latest/meta-data/iam/security-credentials/role", true),
    ("kind: azure", A, "GET", "/metadata/identity/oauth2/token", true),
    ("kind: azure", A, "POST", "/tenant/oauth2/v2.0/token", true),
    ("kind: azure", A, "GET", "/msi/token", true),
    ("kind: google", "https://secretmanager.googleapis.com", "GET", "/v1/projects/p/secrets/s", false),
    ("kind: google", "https://oauth2.googleapis.com", "POST", "/token", true),
    ("kind: google", "https://sts.europe-west1.rep.googleapis.com", "POST", "/v1/token", true),
    ("kind: google", "https://iamcredentials.googleapis.com", "POST", "/v1/a", true),
];

const VAULT: &str = "kind: vault, from: { file: /t }";
const AWS: &str = "kind: aws, service: secretsmanager";
const LOGIN: &str = "kind: vault, login: { method: approle, mount: team/app, role_id: { env: R } }";
const A: &str = "https://a.example";

fn network(credential: &str, origin: &str, method: &str) -> String {
    let allow = format!("{{ request: {method} /**, encoded: true }}");
    format!("[{{ name: d, origin: '{origin}', allow: [{allow}]{credential} }}]")
}

#[test]
fn with_a_credential_of_the_host_no_login_is_reached() {
    for (credential, origin, method, path, refused) in ROWS {
        let url = format!("{origin}{path}");
        let with = policy(&network(&format!(", credential: {{ {credential} }}"), origin, method), None);
        let expected = refused.then_some(Reason::NetLogin);
        assert_eq!(reason(&with, method, &url, &[]), expected, "{credential}: {method} {url}");
        // Without one it is the guest's own that it would read.
        let without = policy(&network("", origin, method), None);
        assert_eq!(reason(&without, method, &url, &[]), None, "{method} {url}");
    }
}
