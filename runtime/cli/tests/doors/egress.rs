//! A provider with a network, behind both walls, as an operator runs it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::{Folder, Portcullis, Run};

const TOKEN: &str = "hvs.marker-token";

/// A store that gives back what it was asked, and remembers it.
struct Store {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Store {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::default();
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &kept)));
        Self { address, asked }
    }

    fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn answer(mut stream: TcpStream, kept: &Mutex<Vec<String>>) {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    while lines.read_line(&mut head).unwrap_or(0) > 2 {}
    kept.lock().unwrap().push(head.clone());
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{head}",
        head.len()
    );
}

/// What the guest gets for each of these requests, by `exec`.
fn exec(folder: &Folder, network: &str, more: &[&str], requests: &[Value]) -> (Vec<Value>, Run) {
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests/dist/network_request.wasm");
    let component =
        folder.write("guest.wasm", std::fs::read(guest).expect("guests: run `cargo xtask guests`"));
    let config = format!(
        "version: 1\nproviders:\n  store:\n    component: {}\n    network:\n{network}\n",
        component.display()
    );
    folder.write("c.yaml", config);
    let handles: Vec<String> = requests.iter().map(|request| format!("attack:{request}")).collect();
    let input = json!({ "version": "1.0", "secrets": handles }).to_string();
    let config = folder.at("c.yaml");
    let artefacts = folder.folder("artefacts").display().to_string();
    let arguments = ["exec", "--config", config.as_str(), "--artefacts", artefacts.as_str()];
    let run = Portcullis::new([&arguments, more].concat()).stdin(input).run().expect(0);
    let answer = run.json();
    let value = |handle: &String| match answer[handle]["value"].as_str() {
        Some(text) => serde_json::from_str(text).unwrap(),
        None => answer[handle]["error"].clone(),
    };
    (handles.iter().map(value).collect(), run)
}

fn get(authority: &str, path: &str) -> Value {
    json!({ "scheme": "http", "authority": authority, "path": path })
}

#[test]
fn what_is_allowed_is_sent_with_the_credential_and_all_else_is_told() {
    let (folder, store) = (Folder::new(), Store::open());
    folder.write("token", format!("{TOKEN}\n"));
    let network = format!(
        "      - name: store\n        origin: http://{}\n        allow: [GET /v1/**]\n        \
         credential: {{ kind: vault, from: {{ file: {} }} }}",
        store.address,
        folder.at("token")
    );
    let audit = folder.at("audit.jsonl");
    let requests = [
        get(&store.address, "/v1/a"),
        get(&store.address, "/v2/a?k=1"),
        get(&store.address, "/v2/a?k=2"),
        get("localhost:1", "/v1/a"),
    ];
    let (answers, run) = exec(&folder, &network, &["--audit", &audit, "-v"], &requests);

    let asked = store.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].starts_with("GET /v1/a HTTP/1.1\r\n"), "{asked:?}");
    assert!(asked[0].contains(&format!("x-vault-token: {TOKEN}\r\n")), "{asked:?}");

    assert_eq!(answers[0]["status"], 200);
    let body = answers[0]["body"].as_str().unwrap();
    assert!(body.contains("x-vault-token: ****************") && !body.contains(TOKEN), "{body}");
    for denied in &answers[1..] {
        assert_eq!(denied, &json!({ "error": "HttpRequestDenied" }));
    }
    let records = std::fs::read_to_string(&audit).unwrap();
    let records: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<(&str, &str)> = records
        .iter()
        .map(|record| (record["event"].as_str().unwrap(), record["reason"].as_str().unwrap_or_default()))
        .collect();
    let expected = [
        ("loaded", ""),
        ("denied", "net.path"),
        ("denied", "net.unknown_origin"),
        // The second request to the same target.
        ("denied_again", "net.path"),
    ];
    assert_eq!(told, expected, "{records:?}");
    assert!(!format!("{}{}{records:?}", run.stderr, run.text()).contains(TOKEN));
    assert!(run.stderr.contains("add `GET /v2/a` to `allow` if it is meant"), "{}", run.stderr);

    let suggested =
        Portcullis::new(["policy", "suggest", "--from", &audit, "--config", &folder.at("c.yaml")])
            .run()
            .expect(0);
    assert!(suggested.text().contains("- name: store\n"), "{}", suggested.text());
    assert!(suggested.text().contains("    - \"GET /v2/a\"\n"), "{}", suggested.text());
    assert!(suggested.text().contains("  origin: http://localhost:1\n"), "{}", suggested.text());
}

#[test]
fn a_name_is_looked_up_behind_the_second_wall() {
    let (folder, store) = (Folder::new(), Store::open());
    let authority = format!("localhost:{}", store.port());
    let network = format!("      - {{ name: here, origin: 'http://{authority}', allow: [GET /**] }}");
    let (answers, run) = exec(&folder, &network, &[], &[get(&authority, "/a")]);
    assert_eq!(answers[0]["status"], 200, "{answers:?} {}", run.stderr);
    assert_eq!(store.asked().len(), 1);
}

/// What is wrong with the files of a destination, what the guest is told, and what the operator is told.
#[test]
fn a_file_that_cannot_be_used_is_named() {
    let folder = Folder::new();
    let rows = [
        (
            format!("credential: {{ kind: bearer, from: {{ file: {} }} }}", folder.at("missing")),
            "",
            "ConfigurationError",
            "missing: cannot be read: No such file or directory",
        ),
        (
            "credential: { kind: bearer, from: { env: PORTCULLIS_TEST_UNSET } }".to_owned(),
            "",
            "ConfigurationError",
            "the variable PORTCULLIS_TEST_UNSET is not set",
        ),
        (
            format!("tls: {{ ca: {} }}", folder.at("missing.pem")),
            "s",
            "missing.pem: cannot be read: No such file or directory",
            "",
        ),
    ];
    for (keys, s, guest, operator) in rows {
        let network =
            format!("      - {{ name: store, origin: 'http{s}://127.0.0.1:9', allow: [GET /**], {keys} }}");
        let (answers, run) = exec(&folder, &network, &[], &[get("127.0.0.1:9", "/a")]);
        assert!(answers[0].to_string().contains(guest), "{answers:?}");
        assert!(run.stderr.contains(operator), "{}", run.stderr);
    }
}
