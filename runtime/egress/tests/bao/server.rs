//! A development server of OpenBao, for one test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const ROOT: &str = "root-token-of-the-test";

/// A server that ends with the test.
pub(crate) struct Bao {
    child: Child,
    port: u16,
    _home: tempfile::TempDir,
}

impl Bao {
    /// Starts one; nothing, and a word about it, where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/servers/bin/bao");
        if !program.exists() {
            let test = std::thread::current().name().unwrap_or_default().to_owned();
            // Not by a macro: the test runner would keep it to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no bao, run `cargo xtask servers`");
            return None;
        }
        // A port that is free now may be taken a moment later: then the server ends at once, and the next one is tried.
        let started = (0..10).find_map(|_| Self::start_at(&program));
        Some(started.expect("bao does not start"))
    }

    fn start_at(program: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let home = tempfile::tempdir().unwrap();
        let child = Command::new(program)
            .args(["server", "-dev", "-dev-no-store-token", "-log-level=error"])
            .arg(format!("-dev-root-token-id={ROOT}"))
            .arg(format!("-dev-listen-address=127.0.0.1:{port}"))
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, port, _home: home };
        let mut output = BufReader::new(server.child.stdout.take().unwrap());
        let mut line = String::new();
        while output.read_line(&mut line).unwrap() > 0 {
            if line.contains("Root Token:") {
                // It is never stopped by a pipe that is full.
                std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
                return Some(server);
            }
            line.clear();
        }
        None
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A request of the operator's, in the root namespace.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &Value) -> Value {
        self.admin_in("", method, path, body)
    }

    /// A request of the operator's.
    pub(crate) fn admin_in(&self, namespace: &str, method: &str, path: &str, body: &Value) -> Value {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let body = body.to_string();
        let request = format!(
            "{method} /v1/{path} HTTP/1.0\r\nhost: localhost\r\nx-vault-token: {ROOT}\r\n\
             x-vault-namespace: {namespace}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.0 20"), "{method} {path}: {answer}");
        if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() }
    }

    /// Makes a value, a policy `reader` that may read it, and a value that it may not read.
    pub(crate) fn with_values(&self, namespace: &str) {
        let rules = r#"path "kv/open" { capabilities = ["read"] }"#;
        self.admin_in(namespace, "POST", "sys/mounts/kv", &json!({ "type": "kv" }));
        self.admin_in(namespace, "POST", "kv/open", &json!({ "value": "v-1" }));
        self.admin_in(namespace, "POST", "kv/closed", &json!({ "value": "v-2" }));
        self.admin_in(namespace, "PUT", "sys/policies/acl/reader", &json!({ "policy": rules }));
    }

    /// Enables a login.
    pub(crate) fn enable(&self, method: &str, mount: &str) {
        self.admin("POST", &format!("sys/auth/{mount}"), &json!({ "type": method }));
    }

    /// What the server knows of the tokens that logins gave, with their accessors.
    pub(crate) fn tokens(&self) -> Vec<Value> {
        let listed = self.admin("LIST", "auth/token/accessors", &Value::Null);
        let accessors = listed["data"]["keys"].as_array().unwrap().clone();
        let look_up = |accessor: Value| {
            self.admin("POST", "auth/token/lookup-accessor", &json!({ "accessor": accessor }))["data"].clone()
        };
        accessors.into_iter().map(look_up).filter(|token| token["policies"] != json!(["root"])).collect()
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
