//! How a credential is shown: kind and source, and never a value.

use std::path::Path;

use portcullis_policy::PortcullisFile;

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

/// Credential, the files that the host reads for it, and the ports that it connects to beside the store's.
const REACH: &[(&str, &[&str], &[u16])] = &[
    ("kind: bearer, from: { env: T }", &[], &[]),
    ("kind: kubernetes", &["/var/run/secrets/kubernetes.io/serviceaccount/token"], &[]),
    ("kind: vault, from: { file: /t }, renew: true", &["/t"], &[]),
    (
        "kind: vault, login: { method: approle, role_id: { file: /r }, secret_id: { file: /s } }",
        &["/r", "/s"],
        &[],
    ),
    ("kind: vault, login: { method: ldap, username: u, password: { file: /p } }", &["/p"], &[]),
    ("kind: vault, login: { method: jwt, jwt: { file: /j } }", &["/j"], &[]),
    ("kind: vault, login: { method: aws }", &[], &[443, 80]),
    ("kind: vault, login: { method: aws, from: environment }", &[], &[]),
    (
        "kind: vault, login: { method: aws, from: { keys: { id: { file: /i }, secret: { file: /k }, token: { env: T } } } }",
        &["/i", "/k"],
        &[],
    ),
    (
        "kind: vault, login: { method: aws, from: instance, metadata: 'http://127.0.0.1:1338', \
         assume: { arn: 'arn:aws:iam::1:role/a', external_id: { file: /e } }, sts: 'https://sts.example:8443' }",
        &["/e"],
        &[8443, 1338],
    ),
    ("kind: aws, service: ssm, from: { profile: p, config: /c, credentials: /d }", &["/c", "/d"], &[443, 80]),
    (
        "kind: aws, service: ssm, from: { web_identity: { token: { file: /w }, role: 'arn:aws:iam::1:role/a' } }",
        &["/w"],
        &[443],
    ),
    ("kind: aws, service: ssm, from: container", &[], &[80]),
];

#[test]
fn what_a_source_reads_and_connects_to_is_known_before() {
    for (credential, files, ports) in REACH {
        let network = format!(
            "[{{ name: d, origin: https://a.example, allow: [GET /a], credential: {{ {credential} }} }}]"
        );
        let policy = policy(&network, None);
        let credential = policy.destinations()[0].credential().unwrap();
        let expected: Vec<&Path> = files.iter().map(Path::new).collect();
        assert_eq!(credential.files(), expected, "{}", credential.describe());
        assert_eq!(credential.ports(), *ports, "{}", credential.describe());
    }
}

#[test]
fn what_the_documentation_shows_is_a_policy() {
    let text = include_str!("../../../../docs/vault.md");
    let blocks: Vec<&str> =
        text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let indented: String = block.lines().map(|line| format!("        {line}\n")).collect();
        let network = format!(
            "\n      - name: d\n        origin: https://a.example\n        allow: [GET /v1/**]\n{indented}"
        );
        let text = format!("version: 1\nproviders:\n  p:\n    component: x.wasm\n    network:{network}");
        PortcullisFile::parse("p.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}
