//! The decision on one request, as an operator asks for it.

use serde_json::json;

use crate::support::{Folder, Portcullis, Table};

/// No component is at that path: a policy is decided on where its components are not.
const CONFIG: &str = "\
version: 1
providers:
  store:
    component: /nowhere/store.wasm
    network:
      - name: store
        origin: https://store.example
        allow: [GET /v1/**]
        query: [version]
        headers: [accept]
        credential: { kind: vault, from: { value: s3cr3t } }
      - { name: near, origin: https://10.1.2.3, allow: [GET /a] }
      - { name: metadata, origin: https://169.254.169.254, allow: [GET /a] }
  keys: { type: file.json, config: { file_path: /nowhere/s.json } }
routes:
  - { prefix: 's:', to: store }
  - { prefix: 'k:', to: keys }
";

#[test]
fn a_request_that_is_refused_is_refused_with_its_reason() {
    Table::read("policy-request.yaml").with("{config}", CONFIG).check(|row, run| {
        let said = format!("{}{}", run.text(), run.stderr);
        assert!(!said.contains("s3cr3t"), "{}: {said}", row.id);
    });
}

#[test]
fn a_request_that_is_allowed_is_told_with_its_rule() {
    let folder = Folder::new();
    folder.write("c.yaml", CONFIG);
    let config = folder.at("c.yaml");
    let run = |more: &[&str]| {
        let mut arguments = vec!["policy", "explain", "store", "--config", config.as_str()];
        arguments.extend(["--request", "GET https://STORE.example/v1/a?version=2"]);
        arguments.extend(more);
        Portcullis::new(arguments).run().expect(0)
    };
    let headers = ["--header", "Accept", "--header", "Host", "--header", "x-vault-token"];
    let shown = run(&[&headers[..], &["--json"]].concat()).json();
    let id = shown["policy"].as_str().unwrap();
    assert_eq!(
        shown,
        json!({
            "allowed": true,
            "provider": "store",
            "policy": id,
            "destination": "store",
            "origin": "https://store.example",
            "rule": "GET /v1/**",
            "headers": ["accept"],
            "dropped_headers": ["host", "x-vault-token"],
            "credential": "vault token from a value in the policy file",
        })
    );
    let text = run(&headers);
    assert_eq!(
        text.text(),
        format!(
            "allowed by GET /v1/**\n  provider     store  policy {id}\n  destination  store: https://store.example\n  \
             headers      accept\n  left out     host, x-vault-token\n  \
             credential   vault token from a value in the policy file\n"
        )
    );
    assert_eq!(text.stderr, "");
    // Without headers there is nothing to say of them.
    assert_eq!(run(&[]).text().lines().count(), 4);
}

#[test]
fn programs_read_the_same_refusal() {
    let folder = Folder::new();
    folder.write("c.yaml", CONFIG);
    let config = folder.at("c.yaml");
    let request = "GET https://store.example/v2";
    let run =
        Portcullis::new(["policy", "explain", "store", "--json", "--config", &config, "--request", request]);
    let mut shown = run.run().expect(1).json();
    assert_eq!(shown["policy"].take().as_str().unwrap().len(), 16);
    let message = "store has no rule for GET /v2: add `GET /v2` to `allow` if it is meant";
    assert_eq!(
        shown,
        json!({ "allowed": false, "provider": "store", "policy": null, "reason": "net.path", "message": message })
    );
}

#[test]
fn the_help_has_an_example() {
    let help = Portcullis::new(["policy", "explain", "--help"]).run().expect(0);
    assert!(help.text().contains("--request 'GET https://vault.example:8200/v1/kv/data/app'"), "{help:?}");
}
