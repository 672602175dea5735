//! What a Portcullis file says, and what is said about a file that is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use portcullis_policy::{
    Access, Ceiling, ComponentSource, EnvironmentValue, FileAccess, PayloadType, Policy, PortcullisFile,
    Profile,
};

const FULL: &str = r#"
version: 1
payload_type: refuse
providers:
  vault:
    component: ./vault.wasm
    digest: sha256:6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d6f1d
    config: { vault_address: https://vault.corp.example:8200, retries: 3, nested: { list: [1, two] } }
    network:
      - name: vault
        origin: https://vault.corp.example:8200
        private: [10.20.0.0/16, "fd12::/16"]
        allow: [GET /v1/kv/data/**, LIST /v1/kv/metadata/**, { request: GET /v1/a%2Fb, encoded: true }]
        query: [version]
        headers: [x-vault-namespace]
        tls: { ca: /etc/portcullis/corp.pem, min: "1.3" }
        credential: { kind: header, name: x-vault-token, from: { file: /run/vault/token } }
    filesystem:
      - { host: /etc/portcullis/paths.json }
      - { host: /var/cache/vault, guest: /cache, access: write }
    sockets: none
    environment: { VAULT_NAMESPACE: team-a, REGION: { from: AWS_REGION } }
    limits: { wall: 8s, cpu: 500ms, memory: 64MiB, requests: 300 }
  files:
    type: file.json
    config: { file_path: /etc/secrets.json }
routes:
  - { prefix: "vault:", to: vault }
  - { prefix: "", to: files, strip: false }
"#;

#[test]
fn every_key_of_the_grammar_is_read() {
    let file = PortcullisFile::parse("p.yaml", FULL).unwrap();
    assert_eq!(file.payload_type, PayloadType::Refuse);
    let vault = &file.providers["vault"];
    assert_eq!(vault.source, ComponentSource::Path("./vault.wasm".into()));
    assert_eq!(
        serde_json::to_string(vault.config.as_map()).unwrap(),
        r#"{"vault_address":"https://vault.corp.example:8200","retries":3,"nested":{"list":[1,"two"]}}"#
    );
    let mounts = vault.grants.filesystem.granted().unwrap();
    assert_eq!(mounts[0].host(), Path::new("/etc/portcullis/paths.json"));
    assert_eq!((mounts[0].guest(), mounts[0].access()), ("/etc/portcullis/paths.json", FileAccess::Read));
    assert_eq!((mounts[1].guest(), mounts[1].access()), ("/cache", FileAccess::Write));
    assert_eq!(vault.grants.sockets, Access::Empty);
    assert_eq!(vault.grants.environment["REGION"], EnvironmentValue::From("AWS_REGION".into()));
    let destination = &vault.grants.network.granted().unwrap()[0];
    assert_eq!(
        destination.to_string(),
        "vault: https://vault.corp.example:8200, \
         allow [GET /v1/kv/data/**, LIST /v1/kv/metadata/**, GET /v1/a%2Fb (encoded)], query [version], \
         headers [x-vault-namespace], private [10.20.0.0/16, fd12::/16], ca \"/etc/portcullis/corp.pem\", TLS 1.3 only, \
         credential header x-vault-token from file /run/vault/token"
    );
    assert_eq!(file.providers["files"].source, ComponentSource::Builtin("file.json".into()));
    assert_eq!(file.routes.route("vault:a").unwrap().stripped, "a");
    assert_eq!(file.routes.route("other").unwrap().stripped, "other");
    let policy = Policy::compile(vault.name.clone(), Profile::Custom, vault.grants.clone(), None).unwrap();
    assert_eq!(policy.limits().cpu.value().as_millis(), 500);
}

/// The lines of one provider `a`, and the whole error.
const PROVIDER_ERRORS: &[(&str, &str)] = &[
    ("config: {}", "3:6: providers.a: expected `component: PATH` or `type: BACKEND`"),
    (
        "component: x.wasm, type: file.json",
        "3:33: providers.a.type: `component` and `type` exclude each other: keep one",
    ),
    (
        "component: oci://r/x",
        "3:19: providers.a.component: expected the path of a component file: nothing is fetched",
    ),
    (
        "component: 7",
        "3:19: providers.a.component: expected a path, found a number: quote it to make it text",
    ),
    (
        "component: x, network: ~",
        "3:31: providers.a.network: expected a list of destinations, or `[]` to deny every request, found nothing",
    ),
    (
        "component: x, sockets: all",
        "3:31: providers.a.sockets: expected `none`: raw sockets are never granted",
    ),
    ("component: x, sockets: []", "3:31: providers.a.sockets: expected `none`, found a list"),
    (
        "component: x, filesystem: { host: /x }",
        "3:34: providers.a.filesystem: expected a list of `{ host: PATH }`, or `[]` to deny every access, found a map",
    ),
    (
        "component: x, filesystem: [{ host: x/y }]",
        "3:43: providers.a.filesystem[0].host: expected a path from the root",
    ),
    (
        "component: x, filesystem: [{ host: / , guest: /x }]",
        "3:43: providers.a.filesystem[0].host: `/` is the whole file system: name the file or folder that the provider needs",
    ),
    (
        "component: x, filesystem: [{ host: /a/../b }]",
        "3:43: providers.a.filesystem[0].host: `/a/../b` has a `..` segment: write the path that is meant",
    ),
    (
        "component: x, filesystem: [{ host: /a, guest: b }]",
        "3:54: providers.a.filesystem[0].guest: expected a path from the root",
    ),
    (
        "component: x, filesystem: [{ host: /a, access: rw }]",
        "3:55: providers.a.filesystem[0].access: expected `read`, `write`, found `rw`",
    ),
    (
        "component: x, filesystem: [{ host: /a }, { host: /b, guest: /a }]",
        "3:49: providers.a.filesystem[1]: a second mount at `/a`: give it another `guest` path",
    ),
    (
        "component: x, digest: sha256:6f1d",
        "3:30: providers.a.digest: expected `sha256:` and 64 hexadecimal digits, as `sha256sum` prints them",
    ),
    (
        "component: x, environment: { A: 1 }",
        "3:40: providers.a.environment.A: expected text or `{ from: NAME }`, found a number: quote it to make it text",
    ),
    (
        "component: x, environment: { A: { from: B, or: c } }",
        "3:51: providers.a.environment.A.or: unknown key `or`: expected from",
    ),
    (
        "component: x, environment: { A=B: c }",
        "3:42: providers.a.environment.A=B: `A=B` is no variable's name: use letters, digits and `_`",
    ),
    (
        // A key makes no line of its own.
        r#"component: x, environment: { "A\nb.yaml:1:1": c }"#,
        r"3:54: providers.a.environment.A\nb.yaml:1:1: `A\nb.yaml:1:1` is no variable's name: use letters, digits and `_`",
    ),
    (
        "component: x, limits: { wall: 8 }",
        "3:38: providers.a.limits.wall: expected a time such as `8s`, `500ms` or `2m`, found `8`",
    ),
    (
        "component: x, limits: { memory: 64MB }",
        "3:40: providers.a.limits.memory: expected a size such as `64MiB`, `1KiB` or `512B`, found `64MB`",
    ),
    (
        "component: x, limits: { wall: 2h }",
        "3:38: providers.a.limits.wall: `2h` is out of range: expected `1ms` to `1h`",
    ),
    (
        "component: x, limits: { instances: 0 }",
        "3:43: providers.a.limits.instances: `0` is out of range: expected `1` to `1024`",
    ),
    (
        "component: x, limits: { requests: 1, requests: 2 }",
        "3:45: providers.a.limits.requests: a second `requests` (the first is on line 3): keep one",
    ),
    (
        "type: file.json, filesystem: []",
        "3:37: providers.a.filesystem: a built-in type's policy is derived from its `config`: remove this section, or bound it in the ceiling",
    ),
    ("type: ''", "3:14: providers.a.type: expected a backend type such as `file.json`"),
    ("component: x, config: [1]", "3:30: providers.a.config: expected a map of settings, found a list"),
    (
        "component: x, config: { a: { b: 1, b: 2 } }",
        "3:43: providers.a.config.a.b: a second `b` (the first is on line 3): keep one",
    ),
];

#[test]
fn an_error_names_place_key_expectation_and_remedy() {
    for (lines, expected) in PROVIDER_ERRORS {
        let text = format!("version: 1\nproviders:\n  a: {{ {lines} }}\n");
        let error = PortcullisFile::parse("p.yaml", &text).map(|_| text).unwrap_err();
        assert_eq!(error.to_string(), format!("p.yaml:{expected}"));
    }
}

/// A whole file, and the whole error.
const FILE_ERRORS: &[(&str, &str)] = &[
    ("", "1:1: expected a map with `version` and `providers`, found nothing"),
    ("[]", "1:1: expected a map with `version` and `providers`, found a list"),
    ("providers: {}", "1:1: the key `version` is missing: expected `version: 1`"),
    ("version: 2\nproviders: {}", "1:10: version: expected `version: 1`: this release reads no other"),
    ("version: '1'\nproviders: {}", "1:10: version: expected `version: 1`: this release reads no other"),
    ("version: 1", "1:1: the key `providers` is missing: expected a map of providers"),
    (
        "version: 1\nproviders: {}\nversion: 1",
        "3:1: version: a second `version` (the first is on line 1): keep one",
    ),
    (
        "version: 1\nproviders: {}\nsecret_backend_type: x",
        "3:1: secret_backend_type: unknown key `secret_backend_type`: expected version, providers, routes, payload_type",
    ),
    (
        "version: 1\nproviders: { a b: { type: x } }",
        "2:19: providers.a b: `a b` is no provider name: use 1 to 128 letters, digits, `-`, `_` and `.`",
    ),
    (
        "version: 1\nproviders: { a: { type: x }, b: { type: y } }",
        "2:12: providers: 2 providers and no `routes`: write one `{ prefix: TEXT, to: PROVIDER }` for each",
    ),
    (
        "version: 1\nproviders: { a: { type: x } }\nroutes:\n  - { prefix: x, to: b }",
        "4:5: routes[0]: no provider `b` is declared: name one of `a`",
    ),
    (
        "version: 1\nproviders: { a: { type: x } }\nroutes:\n  - { prefix: x, to: a }\n  - { prefix: x, to: a }",
        "5:5: routes[1]: a second route for prefix \"x\" (the first is on line 4): keep one",
    ),
    (
        "version: 1\nproviders: {}\npayload_type: deny",
        "3:15: payload_type: expected `allow`, `refuse`, found `deny`",
    ),
    (
        "version: 1\nproviders: {}\n---\nversion: 1",
        "4:1: a second document: expected one, so remove what follows `---`",
    ),
];

#[test]
fn a_wrong_file_is_refused_as_a_whole() {
    for (text, expected) in FILE_ERRORS {
        let error = PortcullisFile::parse("p.yaml", text).map(|_| text).unwrap_err();
        assert_eq!(error.to_string(), format!("p.yaml:{expected}"));
    }
}

/// The keys of one destination after `name: d, `, and a part of the error.
const DESTINATION_ERRORS: &[(&str, &str)] = &[
    ("allow: [GET /a]", "the key `origin` is missing"),
    ("origin: https://a.example", "the key `allow` is missing"),
    ("origin: https://a.example/, allow: [GET /a]", "an origin ends after host and port"),
    ("origin: https://a.example, allow: []", "an empty list allows nothing"),
    ("origin: https://a.example, allow: [GET /a%2Fb]", "need the form"),
    ("origin: https://a.example, allow: [{ request: GET /a, encode: true }]", "unknown key `encode`"),
    (
        "origin: https://a.example, allow: [GET /a], private: [10.1.2.3/8]",
        "expected the range's first address: `10.0.0.0/8`",
    ),
    ("origin: https://a.example, allow: [GET /a], private: [10.0.0.0]", "is no range"),
    (
        "origin: https://a.example, allow: [GET /a], private: [0.0.0.0/0]",
        "this is no private range: expected a part of",
    ),
    ("origin: https://a.example, allow: [GET /a], private: ['::/0']", "this is no private range"),
    ("origin: https://a.example, allow: [GET /a], private: [169.254.169.254/32]", "this is no private range"),
    ("origin: 'https://[::ffff:10.0.0.1]', allow: [GET /a]", "this IPv6 address stands for an IPv4 one"),
    (
        "origin: https://a.example, allow: [{ request: GET /a/../b, encoded: true }]",
        "dot segments are never sent",
    ),
    ("origin: https://a.example, allow: [GET /%61]", "are written as they are, not percent-encoded"),
    ("origin: https://a.example, allow: [GET /a], headers: [content_length]", "belongs to the host"),
    (
        "origin: https://a.example, allow: [GET /a], headers: [authorization], credential: { kind: bearer, from: { file: /x } }",
        "the guest may set `authorization`, which the credential sets",
    ),
    (
        "origin: https://a.example, allow: [GET /a], headers: [x_vault_token], credential: { kind: vault, from: { file: /x } }",
        "the guest may set `x_vault_token`, which the credential sets",
    ),
    ("origin: https://a.example, allow: [GET /a], query: [a, a]", "this is in the list already"),
    ("origin: https://a.example, allow: [GET /a], query: ['a&b']", "is no query key"),
    ("origin: https://a.example, allow: [GET /a], headers: [Host]", "lower-case letters"),
    ("origin: https://a.example, allow: [GET /a], headers: [host]", "belongs to the host"),
    ("origin: http://a.example, allow: [GET /a], tls: {}", "plain http"),
    ("origin: https://a.example, allow: [GET /a], tls: { min: '1.1' }", "expected `1.2`, `1.3`, found `1.1`"),
    ("origin: https://a.example, allow: [GET /a], tls: { ca: corp.pem }", "expected a path from the root"),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: exec, from: { file: /x } }",
        "expected one of `header`, `bearer`",
    ),
    ("origin: https://a.example, allow: [GET /a], credential: { kind: bearer }", "the key `from` is missing"),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: bearer, name: x }",
        "unknown key `name`: expected kind, paths, from",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: bearer, from: { file: /x, env: Y } }",
        "expected exactly one of",
    ),
    (
        "origin: https://a.example, allow: [GET /a], headers: [x-t], credential: { kind: header, name: x-t, from: { env: T } }",
        "which the credential sets",
    ),
    (
        "origin: https://a.example, allow: [GET /a/**], credential: { kind: kubernetes, paths: [GET /**] }",
        "no line of `allow` covers it",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: kubernetes, paths: [] }",
        "an empty list would attach it to nothing",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws }",
        "the key `service` is missing: expected a service",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: s m }",
        "`s m` is not a service's name: use letters, digits and `-`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, profile: p }",
        "unknown key `profile`: expected kind, paths, service, region, from, role, sts, metadata",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: process }",
        "nothing is executed and nobody logs in to get a credential: expected `environment`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: sso }",
        "nothing is executed and nobody logs in",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: imds }",
        "expected `environment`, `web_identity`, `profile`, `container`, `instance`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: {} }",
        "expected `environment`, `web_identity`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: { profile: a, keys: { id: { env: A }, secret: { env: B } } } }",
        "and one of them",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: { keys: { id: { env: A } } } }",
        "the key `secret` is missing: expected `{ file: PATH }`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: { keys: { id: AKIA, secret: { env: B } } } }",
        "expected `{ file: PATH }`, `{ env: NAME }` or `{ value: … }`, found text",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: { profile: p, config: aws/config } }",
        "expected a path from the root",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, from: { web_identity: { token: { file: /t }, role: admin } } }",
        "expected `arn:aws:iam::ACCOUNT:role/NAME`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, role: { arn: 'arn:aws:iam::1:role/r', duration: 1m } }",
        "AWS gives sessions of `15m` to `12h`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, role: { arn: 'arn:aws:iam::1:role/r', session: x } }",
        "a session's name has 2 to 64 characters",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, sts: 'http://sts.example' }",
        "secrets go there: write `https://`, or name this machine",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, sts: 'https://sts.*.example.com' }",
        "a credential is asked for at one origin",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: aws, service: ssm, metadata: 'http://169.254.169.254' }",
        "secrets go there: write `https://`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, from: cli }",
        "nothing is executed to get a credential: expected `environment`, `workload`, `managed`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, from: identity }",
        "expected `environment`, `workload`, `managed`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, from: { secret: { file: /s } } }",
        "the key `tenant` is missing",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, tenant: t, from: { secret: { file: /s } } }",
        "the key `client` is missing",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, tenant: t, client: c, from: { secret: { file: /s }, chain: true } }",
        "`chain` goes with `certificate`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, tenant: t, client: c, from: { certificate: { file: /c.PFX } } }",
        "PKCS#12 is not read: write certificate and key as PEM",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, tenant: a/b }",
        "`a/b` is not a tenant: use letters, digits and `-` `.` `_`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: azure, scope: https://vault.azure.net }",
        "a scope ends with `/.default`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, from: gcloud }",
        "nothing is executed to get a credential: expected `metadata`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, from: /key.json }",
        "expected `metadata`, or a credential file",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, from: { file: /k, env: K } }",
        "expected exactly one of",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, impersonate: a b }",
        "`a b` is not a service account's address",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, iam: https://iam.example }",
        "nobody is impersonated: name the account as `impersonate`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, endpoints: ['http://token.example'] }",
        "secrets go there",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: google, endpoints: ['https://t.example', 'https://t.example'] }",
        "this is in the list already",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault }",
        "credential: expected `from` with `{ file: PATH }`, `{ env: NAME }` or `{ value: … }`, or `login`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, token: x }",
        "unknown key `token`: expected kind, paths, from, renew, login, namespace",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, from: { env: T }, login: { method: approle } }",
        "credential.login: `from` gives a token already: keep one of both",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: approle, role_id: { env: R } }, renew: true }",
        "credential.renew: what a login gives is always renewed: remove `renew`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, from: { env: T }, renew: 5m }",
        "credential.renew: expected `true` or `false`, found text",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, from: { env: T }, namespace: /a }",
        "credential.namespace: `/a` cannot be: write letters, digits, `-`, `_` and `.`, with `/` between",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, from: { env: T }, namespace: a/../b }",
        "credential.namespace: `a/../b` cannot be",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: {} }",
        "credential.login: the key `method` is missing: expected one of `approle`, `userpass`, `ldap`, `kubernetes`, `jwt`, `aws`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: github } }",
        "credential.login.method: expected one of `approle`, `userpass`, `ldap`, `kubernetes`, `jwt`, `aws`, found `github`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: approle } }",
        "credential.login: the key `role_id` is missing",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: approle, role_id: r } }",
        "credential.login.role_id: expected `{ file: PATH }`, `{ env: NAME }` or `{ value: … }`, found text",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: approle, role_id: { env: R }, secret: { env: S } } }",
        "unknown key `secret`: expected method, mount, role_id, secret_id",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: approle, role_id: { env: R }, mount: auth/approle/login } }",
        "credential.login.mount: `auth/approle/login` is the path of a login: write the mount without `auth/` and `/login`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: approle, role_id: { env: R }, mount: 'a b' } }",
        "credential.login.mount: `a b` cannot be",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: userpass, username: a } }",
        "credential.login: the key `password` is missing",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: ldap, username: a/b, password: { env: P } } }",
        "credential.login.username: `a/b` is no user's name",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: kubernetes } }",
        "credential.login: the key `role` is missing: expected a role's name",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: jwt, role: a } }",
        "credential.login: the key `jwt` is missing",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: jwt, role: 'a b', jwt: { env: J } } }",
        "credential.login.role: `a b` is no such name",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: aws, region: EU } }",
        "credential.login.region: `EU` is no region: write it as `eu-west-1`",
    ),
    (
        "origin: https://a.example, allow: [GET /a], credential: { kind: vault, login: { method: aws, from: { keys: { id: { env: A } } } } }",
        "credential.login.from.keys: the key `secret` is missing",
    ),
    (
        "origin: https://*.b.example, allow: [GET /a], credential: { kind: vault, login: { method: approle, role_id: { env: R } } }",
        "credential: the host asks the store for it: write the origin without a wildcard",
    ),
    (
        "origin: https://a.example, allow: [GET /a], nat64: ['64:ff9b::/95']",
        "has 32, 40, 48, 56, 64 or 96 bits",
    ),
    ("origin: https://a.example, allow: [GET /a], limits: { totl: 3s }", "unknown key `totl`"),
    ("origin: https://a.example, allow: [GET /a], limits: { total: 0s }", "out of range"),
    ("origin: https://a.example, allow: [GET /a], proxy: https://p.example", "expected `http://HOST:PORT`"),
    (
        "origin: https://a.example, allow: [GET /a], socket: /run/a.sock",
        "a socket takes an `http://` origin without a wildcard",
    ),
    (
        "origin: http://a.example, allow: [GET /a], socket: /run/a.sock, proxy: http://p.example",
        "a proxy is named too",
    ),
    (
        "origin: https://a.example, allow: [GET /a] }, { name: d, origin: https://b.example, allow: [GET /a]",
        "a second destination `d`",
    ),
    (
        "origin: https://a.example, allow: [GET /a/**] }, { name: e, origin: https://a.example, allow: [GET /*/b]",
        "one request could match `d` and `e`",
    ),
    (
        "origin: https://*.b.example, allow: [GET /a] }, { name: e, origin: https://a.b.example, allow: [GET /a]",
        "one request could match `d` and `e`",
    ),
];

#[test]
fn a_wrong_destination_is_refused_by_provider_and_ceiling_files() {
    for (keys, expected) in DESTINATION_ERRORS {
        let network = format!("[{{ name: d, {keys} }}]");
        let text = format!("version: 1\nproviders:\n  a: {{ component: x, network: {network} }}\n");
        let of_provider = PortcullisFile::parse("p.yaml", &text).map(|_| text).unwrap_err().to_string();
        let of_ceiling =
            Ceiling::parse("c.yaml", &format!("network: {network}\n")).map(|_| keys).unwrap_err().to_string();
        assert!(of_provider.contains(expected), "{of_provider}");
        assert!(of_ceiling.contains(expected), "{of_ceiling}");
    }
}

/// A whole ceiling file, and the whole error.
const CEILING_ERRORS: &[(&str, &str)] = &[
    ("digest: optional", "1:9: digest: expected `required`, found `optional`"),
    (
        "environment: { A: b }",
        "1:14: environment: expected a list of names, or `[]` to forbid all, found a map",
    ),
    (
        "filesystem: [{ host: /a, guest: /b }]",
        "1:26: filesystem[0].guest: unknown key `guest`: expected host, access",
    ),
    (
        "filesystem: [{ host: /a/../b }]",
        "1:22: filesystem[0].host: expected a path from the root without `..`",
    ),
    (
        "providers: {}",
        "1:1: providers: unknown key `providers`: expected version, filesystem, network, sockets, environment, limits, digest",
    ),
    ("version: 3", "1:10: version: expected `version: 1`: this release reads no other"),
    (
        "network: [{ name: d, origin: https://a.example, allow: [GET /a], credential: { kind: kubernetes } }]",
        "1:10: network: `d` has a credential: a ceiling bounds and attaches none",
    ),
];

#[test]
fn a_wrong_ceiling_is_refused() {
    for (text, expected) in CEILING_ERRORS {
        let error = Ceiling::parse("c.yaml", text).map(|_| text).unwrap_err();
        assert_eq!(error.to_string(), format!("c.yaml:{expected}"));
    }
}
