//! The compiled policy, checked and explained.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::{Folder, Portcullis, Table};

#[test]
fn a_wrong_configuration_is_refused_with_its_place_and_the_remedy() {
    Table::read("policy.yaml").check(|row, run| assert!(run.stdout.is_empty(), "{}", row.id));
}

/// A built-in type by an agent file; a component by a Portcullis file; both under a ceiling. None of the paths need exist.
const AGENT: &str = "secret_backend_type: file.json\nsecret_backend_config: { file_path: /etc/example/s.json }\n\
                     secret_backend_timeout: 7\n";
const PORTCULLIS: &str = "\
version: 1
providers:
  derived:
    type: file.text
    config: { secrets_path: /etc/example/secrets }
  granted:
    component: /opt/example/a.wasm
    filesystem: [{ host: /etc/example/s.json }, { host: /var/example, access: write }]
    network:
      - { name: store, origin: 'https://store.example', allow: [GET /v1/**] }
    environment: { A: b, HOST: { from: HOSTNAME } }
    limits: { wall: 3s, memory: 32MiB }
routes:
  - { prefix: 'd:', to: derived }
  - { prefix: 'g:', to: granted }
";
const CEILING: &str =
    "filesystem: [{ host: /etc/example/secrets }]\nnetwork: []\nenvironment: [A]\nlimits: { wall: 2s }\n";

/// Settings that the host keeps, of a component of the operator's own.
const SETTINGS: &str = "\
version: 1
providers:
  own:
    component: /opt/example/a.wasm
    config: { url: 'https://store.example', my_session: { user: u, password: p }, stores: [{ tls_key: k }, { name: b }], \"odd\\n_session\": x }
";

/// File in `tests/tables/explain/`, configuration, whether under the ceiling.
const GOLDEN: &[(&str, &str, bool)] = &[
    ("agent.txt", AGENT, false),
    ("portcullis.txt", PORTCULLIS, false),
    ("portcullis-under-ceiling.txt", PORTCULLIS, true),
    ("settings.txt", SETTINGS, false),
];

fn golden(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables/explain").join(name)).unwrap()
}

fn arguments(folder: &Folder, config: &str, ceiling: bool) -> Vec<String> {
    folder.write("c.yaml", config);
    folder.write("ceiling.yaml", CEILING);
    let mut arguments = vec!["--config".to_owned(), folder.at("c.yaml")];
    if ceiling {
        arguments.extend(["--ceiling".to_owned(), folder.at("ceiling.yaml")]);
    }
    arguments
}

#[test]
fn every_grant_and_limit_is_explained_with_its_origin() {
    for (name, config, ceiling) in GOLDEN {
        let folder = Folder::new();
        let shared = arguments(&folder, config, *ceiling);
        let options = shared.iter().map(String::as_str);
        let explained =
            Portcullis::new(["policy", "explain"].into_iter().chain(options.clone())).run().expect(0);
        // The identifier is a digest of the policy: it is compared with what `validate` says.
        let validated = Portcullis::new(["policy", "validate", "--json"].into_iter().chain(options))
            .run()
            .expect(0)
            .json();
        let mut text = explained.text().to_owned();
        for provider in validated["providers"].as_array().unwrap() {
            let id = provider["policy"].as_str().unwrap();
            assert_eq!(text.matches(id).count(), 1, "{name}: {id}\n{text}");
            text = text.replace(id, "ID");
        }
        assert_eq!(text, golden(name), "{name}");
        assert_eq!(explained.stderr, "");
    }
}

#[test]
fn programs_read_the_same_explanation() {
    let folder = Folder::new();
    let shared = arguments(&folder, PORTCULLIS, true);
    let options = shared.iter().map(String::as_str);
    let all = Portcullis::new(["policy", "explain", "--json"].into_iter().chain(options.clone()))
        .run()
        .expect(0)
        .json();
    let one = Portcullis::new(["policy", "explain", "granted", "--json"].into_iter().chain(options))
        .run()
        .expect(0)
        .json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(one, json!([all[1]]));
    assert_eq!(all[0]["component"], "built-in file.text");
    assert_eq!(all[0]["policy"]["provider"], "derived");
    assert_eq!(
        all[0]["policy"]["sections"],
        json!([
            { "section": "filesystem", "state": "granted", "grants": ["read \"/etc/example/secrets\""] },
            { "section": "network", "state": "absent", "grants": [] },
            { "section": "sockets", "state": "absent", "grants": [] },
        ])
    );
    assert_eq!(all[1]["component"], "/opt/example/a.wasm");
    let wall = &all[1]["policy"]["limits"][0];
    assert_eq!(
        (&wall["limit"], &wall["value"], &wall["origin"]),
        (&json!("wall"), &json!("2s"), &json!("ceiling"))
    );
}

#[test]
fn a_valid_configuration_is_said_to_be_with_what_is_doubtful_in_it() {
    let folder = Folder::new();
    let shared = arguments(&folder, PORTCULLIS, false);
    let options = shared.iter().map(String::as_str);
    let run = Portcullis::new(["policy", "validate"].into_iter().chain(options.clone())).run().expect(0);
    let lines: Vec<&str> = run.text().lines().collect();
    assert!(lines[0].starts_with("derived: valid, policy "), "{run:?}");
    assert!(lines[1].starts_with("granted: valid, policy "), "{run:?}");
    assert!(lines[2].starts_with("  warning: no_digest: "), "{run:?}");
    assert!(lines[3].starts_with("  warning: write_mount: write \"/var/example\""), "{run:?}");
    assert_eq!(lines.len(), 4, "{run:?}");
    let shown =
        Portcullis::new(["policy", "validate", "--json"].into_iter().chain(options)).run().expect(0).json();
    assert_eq!(shown["valid"], true);
    assert_eq!(shown["providers"][0]["warnings"], json!([]));
    assert_eq!(shown["providers"][1]["warnings"].as_array().unwrap().len(), 2);
}

/// Compiling a policy neither loads nor runs anything, so that it can be checked where the components are not.
#[test]
fn an_unknown_backend_type_is_told() {
    let folder = Folder::new();
    let shared = arguments(&folder, "version: 1\nproviders: { a: { type: nope } }\n", false);
    let options = shared.iter().map(String::as_str);
    let run = Portcullis::new(["policy", "validate"].into_iter().chain(options.clone())).run().expect(1);
    assert!(run.text().contains("there is no backend type \"nope\""), "{run:?}");
    let run =
        Portcullis::new(["policy", "validate", "--json"].into_iter().chain(options.clone())).run().expect(1);
    assert_eq!(run.json()["valid"], false);
    let run = Portcullis::new(["policy", "explain"].into_iter().chain(options)).run().expect(0);
    assert!(run.text().starts_with("component  none: there is no backend type \"nope\"\n"), "{run:?}");
}
