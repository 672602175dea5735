//! How a credential is shown: kind and source, and never a value.

use crate::policy;

/// As it is written, and as `explain` shows it.
const ROWS: &[(&str, &str)] = &[
    ("kind: bearer, from: { env: T }", "bearer from variable T"),
    ("kind: kubernetes", "kubernetes from file /var/run/secrets/kubernetes.io/serviceaccount/token"),
    ("kind: vault, from: { file: /run/token }", "vault token from file /run/token"),
    (
        "kind: vault, from: { value: MARKER }, renew: true, namespace: team/a, paths: [GET /a]",
        "vault token from a value in the policy file, renewed, namespace team/a with [GET /a]",
    ),
    (
        "kind: vault, login: { method: approle, role_id: { value: MARKER } }",
        "vault login approle role from a value in the policy file at auth/approle",
    ),
    (
        "kind: vault, login: { method: approle, mount: team/app, role_id: { env: R }, secret_id: { value: MARKER } }",
        "vault login approle role from variable R, secret from a value in the policy file at auth/team/app",
    ),
    (
        "kind: vault, login: { method: userpass, username: 'DOM\\me', password: { value: MARKER } }",
        "vault login userpass user \"DOM\\\\me\", password from a value in the policy file at auth/userpass",
    ),
    (
        "kind: vault, login: { method: ldap, mount: corp, username: me, password: { file: /p } }",
        "vault login ldap user \"me\", password from file /p at auth/corp",
    ),
    (
        "kind: vault, login: { method: kubernetes, role: agent }",
        "vault login kubernetes role agent, token from file /var/run/secrets/kubernetes.io/serviceaccount/token at \
         auth/kubernetes",
    ),
    (
        "kind: vault, login: { method: jwt, jwt: { value: MARKER } }",
        "vault login jwt, token from a value in the policy file at auth/jwt",
    ),
    (
        "kind: vault, login: { method: aws, role: agent, region: eu-west-1, server_id: vault.example, \
         from: { keys: { id: { value: MARKER }, secret: { value: MARKER } } }, \
         assume: { arn: 'arn:aws:iam::123456789012:role/agent', external_id: { value: MARKER } }, sts: https://sts.example }",
        "vault login aws role agent, server vault.example, signed by aws sts of eu-west-1 from a value in the policy file, as \
         arn:aws:iam::123456789012:role/agent, sts https://sts.example at auth/aws",
    ),
    (
        "kind: vault, login: { method: aws }",
        "vault login aws, signed by aws sts from the standard chain at auth/aws",
    ),
];

#[test]
fn a_credential_is_shown_without_its_value() {
    for (credential, expected) in ROWS {
        let network = format!(
            "[{{ name: d, origin: https://a.example, allow: [GET /a], credential: {{ {credential} }} }}]"
        );
        let policy = policy(&network, None);
        let shown = policy.destinations()[0].to_string();
        let found = shown.split_once(", credential ").map(|(_, found)| found);
        assert_eq!(found, Some(*expected), "{credential}");
        let all = format!("{policy:?} {} {:?}", policy.explain(), policy.destinations());
        assert!(!all.contains("MARKER"), "{all}");
    }
}
