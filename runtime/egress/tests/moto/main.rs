//! AWS as `moto_server` plays it: keys from its token service and its metadata service, and a secret that is read with them.
#![cfg(feature = "aws")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/host.rs"]
mod host;
#[path = "../support/program.rs"]
mod program;

use host::{Host, Provider};
use program::{Program, Says};

const TARGET: &str = "x-amz-target";
const TYPE: (&str, &str) = ("content-type", "application/x-amz-json-1.1");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const KEYS: &str = "from: { keys: { id: { value: AKIAMOTO }, secret: { value: secret-of-moto } } }";

fn provider(host: &std::sync::Arc<Host>, origin: &str, credential: &str) -> Provider {
    let keys = format!(
        "allow: [POST /], headers: [content-type, {TARGET}], credential: {{ kind: aws, region: us-east-1, {credential} }}"
    );
    Provider::new(host, origin, &keys)
}

/// Credential (`{moto}` is the origin of the server), and a part of who the server says that it is.
const ROWS: &[(&str, &str)] = &[
    (
        "{keys}, role: { arn: 'arn:aws:iam::123456789012:role/reader', session: first }",
        "assumed-role/reader/first",
    ),
    (
        "{keys}, role: { arn: 'arn:aws:iam::123456789012:role/reader', session: second, external_id: { value: e-1 } }",
        "assumed-role/reader/second",
    ),
    (
        "from: { web_identity: { token: { value: web-token }, role: 'arn:aws:iam::123456789012:role/web', session: third } }",
        "assumed-role/web/third",
    ),
    ("from: instance, metadata: '{moto}'", "arn:aws:"),
    (
        "from: instance, metadata: '{moto}', role: { arn: 'arn:aws:iam::123456789012:role/reader', session: fourth }",
        "assumed-role/reader/fourth",
    ),
    ("{keys}", "arn:aws:"),
];

#[tokio::test]
async fn keys_of_every_service_read_a_secret() {
    let moto = Program::start("moto_server", &Says::Error("Running on"), |command, port| {
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).env("PYTHONUNBUFFERED", "1");
    });
    let Some(moto) = moto else { return };
    let host = Host::new();
    let origin = moto.origin();
    let create = provider(&host, &origin, &format!("service: secretsmanager, {KEYS}"));
    let headers = [TYPE, (TARGET, "secretsmanager.CreateSecret")];
    let body =
        r#"{"Name":"key1","SecretString":"v-1","ClientRequestToken":"11111111-2222-3333-4444-555555555555"}"#;
    let (status, text) = create.send("POST", "/", &headers, body).await.unwrap();
    assert_eq!(status, 200, "{text}");
    for (row, who) in ROWS {
        let credential = row.replace("{keys}", KEYS).replace("{moto}", &origin);
        let credential = format!("sts: '{origin}', {credential}");
        let reads = provider(&host, &origin, &format!("service: secretsmanager, {credential}"));
        let headers = [TYPE, (TARGET, "secretsmanager.GetSecretValue")];
        let (status, text) = reads
            .send("POST", "/", &headers, r#"{"SecretId":"key1"}"#)
            .await
            .unwrap_or_else(|error| panic!("{row}: {error}"));
        assert_eq!(status, 200, "{row}: {text}");
        assert!(
            text.contains(r#""SecretString": "v-1""#) || text.contains(r#""SecretString":"v-1""#),
            "{row}: {text}"
        );
        let asks = provider(&host, &origin, &format!("service: sts, {credential}"));
        let body = "Action=GetCallerIdentity&Version=2011-06-15";
        let (status, text) = asks.send("POST", "/", &[FORM], body).await.unwrap();
        assert!(status == 200 && text.contains(who), "{row}: {text}");
    }
}
