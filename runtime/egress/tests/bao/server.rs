//! A development server of OpenBao, for one test.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::program::{Program, Says};

const ROOT: &str = "root-token-of-the-test";

/// A server that ends with the test.
pub(crate) struct Bao {
    program: Program,
    _home: tempfile::TempDir,
}

impl Bao {
    /// Starts one; nothing, and a word about it, where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        let program = Program::start("bao", &Says::Output("Root Token:"), |command, port| {
            command
                .args(["server", "-dev", "-dev-no-store-token", "-log-level=error"])
                .arg(format!("-dev-root-token-id={ROOT}"))
                .arg(format!("-dev-listen-address=127.0.0.1:{port}"))
                .env("HOME", home.path());
        })?;
        Some(Self { program, _home: home })
    }

    pub(crate) fn origin(&self) -> String {
        self.program.origin()
    }

    /// A request of the operator's, in the root namespace.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &Value) -> Value {
        self.admin_in("", method, path, body)
    }

    /// A request of the operator's.
    pub(crate) fn admin_in(&self, namespace: &str, method: &str, path: &str, body: &Value) -> Value {
        let mut connection = TcpStream::connect(("127.0.0.1", self.program.port())).unwrap();
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
