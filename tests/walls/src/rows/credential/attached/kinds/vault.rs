//! Tokens of Vault: given, and from every login. The store that gives them is the one that shows what it was told.

use portcullis_test_servers::issuer::Grant;

use super::{Kind, TEXT};

const TOKEN: &str = "hvs.marker/of+the store&=~";
const GIVEN: &str = "hvs.given/of+the host&=~";
const SECRET: &str = "secret/of+the login\"&=~";
const ROLE: &str = "role-of-the-login-5f1c";
const JWT: &str = "eyJoZWFk.eyJib2R5.c2lnbmF0dXJl";
const AWS_SECRET: &str = "secret/of+aws=key";
const AWS_SESSION: &str = "session/of+aws=token";

/// The answer to every login.
const LOGGED_IN: &str = r#"{"auth":{"client_token":"hvs.marker/of+the store&=~","accessor":"a","policies":["default"],"lease_duration":3600,"renewable":true,"mfa_requirement":null}}"#;

const VAULT: Kind = Kind {
    header: "x-vault-token",
    others: &["authorization"],
    arrives: TOKEN,
    shown: &[TOKEN, SECRET],
    ..TEXT
};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "vault token from a file",
        credential: "kind: vault, from: { file: /run/token }",
        files: &[("/run/token", GIVEN)],
        arrives: GIVEN,
        shown: &[GIVEN],
        ..VAULT
    },
    Kind {
        name: "vault token that the host renews",
        credential: "kind: vault, from: { env: TOKEN }, renew: true",
        variables: &[("TOKEN", GIVEN)],
        grants: &[Grant {
            line: "GET /v1/auth/token/lookup-self",
            proof: GIVEN,
            body: r#"{"data":{"ttl":3600,"renewable":true}}"#,
        }],
        arrives: GIVEN,
        shown: &[GIVEN],
        ..VAULT
    },
    Kind {
        name: "vault approle",
        credential: "kind: vault, login: { method: approle, role_id: { env: ROLE }, secret_id: { file: /run/secret } }",
        variables: &[("ROLE", ROLE)],
        files: &[("/run/secret", SECRET)],
        grants: &[Grant { line: "POST /v1/auth/approle/login", proof: SECRET, body: LOGGED_IN }],
        shown: &[TOKEN, SECRET, ROLE],
        ..VAULT
    },
    Kind {
        name: "vault userpass",
        credential: "kind: vault, login: { method: userpass, username: agent, password: { env: SECRET } }",
        variables: &[("SECRET", SECRET)],
        grants: &[Grant { line: "POST /v1/auth/userpass/login/agent", proof: SECRET, body: LOGGED_IN }],
        ..VAULT
    },
    Kind {
        name: "vault ldap",
        credential: "kind: vault, login: { method: ldap, username: agent, password: { env: SECRET } }",
        variables: &[("SECRET", SECRET)],
        grants: &[Grant { line: "POST /v1/auth/ldap/login/agent", proof: SECRET, body: LOGGED_IN }],
        ..VAULT
    },
    Kind {
        name: "vault kubernetes",
        credential: "kind: vault, login: { method: kubernetes, role: agent }",
        files: &[("/var/run/secrets/kubernetes.io/serviceaccount/token", JWT)],
        grants: &[Grant { line: "POST /v1/auth/kubernetes/login", proof: JWT, body: LOGGED_IN }],
        shown: &[TOKEN, JWT],
        ..VAULT
    },
    Kind {
        name: "vault jwt",
        credential: "kind: vault, login: { method: jwt, mount: corp, jwt: { file: /run/jwt } }",
        files: &[("/run/jwt", JWT)],
        grants: &[Grant { line: "POST /v1/auth/corp/login", proof: JWT, body: LOGGED_IN }],
        shown: &[TOKEN, JWT],
        ..VAULT
    },
    Kind {
        name: "vault aws",
        credential: "kind: vault, login: { method: aws, region: eu-west-1, from: environment }",
        variables: &[
            ("AWS_ACCESS_KEY_ID", "ASIAVAULT"),
            ("AWS_SECRET_ACCESS_KEY", AWS_SECRET),
            ("AWS_SESSION_TOKEN", AWS_SESSION),
        ],
        grants: &[Grant { line: "POST /v1/auth/aws/login", proof: "iam_request_headers", body: LOGGED_IN }],
        shown: &[TOKEN, AWS_SECRET, AWS_SESSION],
        ..VAULT
    },
];
