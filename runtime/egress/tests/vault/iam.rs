//! The login that AWS vouches for: the request inside it, as the store would send it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::host::{Host, Provider};
use crate::sigv4;
use crate::store::Received;
use crate::stub::Vault;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const GIVEN: &str = "from: { keys: { id: { env: ID }, secret: { env: SECRET } } }";

/// A request inside a login.
struct Inner {
    method: String,
    url: String,
    body: String,
    headers: Value,
}

impl Inner {
    fn of(login: &Received) -> Self {
        let login = login.json();
        let decode = |key: &str| {
            let bytes = BASE64_STANDARD.decode(login[key].as_str().unwrap()).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        Self {
            method: login["iam_http_request_method"].as_str().unwrap().to_owned(),
            url: decode("iam_request_url"),
            body: decode("iam_request_body"),
            headers: serde_json::from_str(&decode("iam_request_headers")).unwrap(),
        }
    }

    /// As it arrives at the token service.
    fn sent(&self) -> Received {
        let host = self.url.trim_start_matches("https://").trim_end_matches('/').to_owned();
        let names = self.headers.as_object().unwrap().keys();
        let own = names.map(|name| (name.clone(), self.header(name).unwrap().to_owned()));
        Received {
            method: self.method.clone(),
            target: "/".to_owned(),
            headers: own.chain([("host".to_owned(), host)]).collect(),
            body: self.body.clone().into_bytes(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|values| {
            assert_eq!(values.as_array().unwrap().len(), 1, "{name}");
            values[0].as_str().unwrap()
        })
    }
}

async fn login(host: &std::sync::Arc<Host>, keys: &str) -> (Vault, Inner) {
    let vault = Vault::start();
    let credential = format!("kind: vault, login: {{ method: aws, {keys} }}");
    let provider = Provider::with_credential(host, &vault.store.origin(), &credential);
    assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200, "{keys}");
    let received = vault.store.received();
    assert_eq!(received[0].line(), "POST /v1/auth/aws/login");
    let inner = Inner::of(&received[0]);
    (vault, inner)
}

fn host() -> std::sync::Arc<Host> {
    let host = Host::new();
    host.set("ID", ID);
    host.set("SECRET", SECRET);
    host
}

/// Keys of the login; URL, scope, names of signed headers and signature, at noon of 2024-01-15. The signatures are those of two
/// other implementations.
const VECTORS: &[(&str, &str, &str, &str, Option<&str>)] = &[
    (
        "region: us-east-1",
        "https://sts.us-east-1.amazonaws.com/",
        "us-east-1/sts",
        "content-type;host;x-amz-date",
        Some("5096d1ad51b359c8fba43b13ce5a4aee1156c72d4d4684f9e3a7593c2302b4a0"),
    ),
    (
        "region: us-east-1, server_id: vault.example.com",
        "https://sts.us-east-1.amazonaws.com/",
        "us-east-1/sts",
        "content-type;host;x-amz-date;x-vault-aws-iam-server-id",
        Some("20baf37a6096974ebc0aa6ef92b4caaecfb3cf913dd5e29e76a4cf5bfe672add"),
    ),
    ("role: agent", "https://sts.amazonaws.com/", "us-east-1/sts", "content-type;host;x-amz-date", None),
    (
        "region: cn-north-1",
        "https://sts.cn-north-1.amazonaws.com.cn/",
        "cn-north-1/sts",
        "content-type;host;x-amz-date",
        None,
    ),
    (
        "region: eu-west-1, sts: https://sts.corp.example",
        "https://sts.corp.example/",
        "eu-west-1/sts",
        "content-type;host;x-amz-date",
        None,
    ),
];

#[tokio::test]
async fn the_inner_request_is_signed_for_its_token_service() {
    for (keys, url, scope, names, signature) in VECTORS {
        let (vault, inner) = login(&host(), &format!("{GIVEN}, {keys}")).await;
        assert_eq!((inner.method.as_str(), inner.url.as_str()), ("POST", *url), "{keys}");
        assert_eq!(inner.body, "Action=GetCallerIdentity&Version=2011-06-15");
        let authorization = inner.header("authorization").unwrap();
        let start = format!(
            "AWS4-HMAC-SHA256 Credential={ID}/20240115/{scope}/aws4_request, SignedHeaders={names}, Signature="
        );
        let found = authorization.strip_prefix(&start).unwrap_or_else(|| panic!("{keys}: {authorization}"));
        assert!(signature.is_none_or(|signature| signature == found), "{keys}: {authorization}");
        let signed = sigv4::verify(&inner.sent(), |id| (id == ID).then(|| SECRET.to_owned())).unwrap();
        assert_eq!(format!("{}/{}", signed.region, signed.service), *scope, "{keys}");
        assert_eq!(inner.header("x-amz-date"), Some("20240115T120000Z"));
        assert_eq!(inner.header("content-type"), Some("application/x-www-form-urlencoded"));
        let server_id = keys.contains("server_id").then_some("vault.example.com");
        assert_eq!(inner.header("x-vault-aws-iam-server-id"), server_id);
        let role = vault.store.received()[0].json()["role"].as_str().map(str::to_owned);
        assert_eq!(role.as_deref(), keys.contains("role").then_some("agent"));
        let all = format!("{:?}", vault.store.received());
        assert!(!all.contains(SECRET), "{all}");
    }
}

#[tokio::test]
async fn temporary_keys_of_the_environment_sign_with_their_token() {
    let host = Host::new();
    host.set("AWS_ACCESS_KEY_ID", "ASIATEMPORARY");
    host.set("AWS_SECRET_ACCESS_KEY", SECRET);
    host.set("AWS_SESSION_TOKEN", "session-token-1");
    let (_vault, inner) = login(&host, "region: eu-west-1").await;
    assert_eq!(inner.header("x-amz-security-token"), Some("session-token-1"));
    let signed = sigv4::verify(&inner.sent(), |_| Some(SECRET.to_owned())).unwrap();
    assert_eq!((signed.key_id.as_str(), signed.region.as_str()), ("ASIATEMPORARY", "eu-west-1"));
    let authorization = inner.header("authorization").unwrap();
    assert!(authorization.contains("Credential=ASIATEMPORARY/20240115/eu-west-1/sts/"), "{authorization}");
    assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"));
}

#[tokio::test]
async fn each_login_is_signed_anew() {
    let (host, vault) = (host(), Vault::start());
    vault.change(|state| state.renewable = false);
    let credential = format!("kind: vault, login: {{ method: aws, region: eu-west-1, {GIVEN} }}");
    let provider = Provider::with_credential(&host, &vault.store.origin(), &credential);
    for _ in 0..2 {
        assert_eq!(provider.get("/v1/kv/a").await.unwrap().0, 200);
        host.pass(std::time::Duration::from_secs(3600));
    }
    let logins = vault.store.received().into_iter().filter(|request| request.target.ends_with("/login"));
    let dates: Vec<String> =
        logins.map(|login| Inner::of(&login).header("x-amz-date").unwrap().to_owned()).collect();
    assert_eq!(dates, ["20240115T120000Z", "20240115T130000Z"]);
}

#[tokio::test]
async fn keys_that_are_not_there_are_said_and_nobody_is_asked() {
    let rows = [
        (
            "from: environment",
            "no credential: aws: the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
        ),
        (GIVEN, "no credential: the variable ID is not set"),
    ];
    for (keys, expected) in rows {
        let vault = Vault::start();
        let credential = format!("kind: vault, login: {{ method: aws, region: eu-west-1, {keys} }}");
        let provider = Provider::with_credential(&Host::new(), &vault.store.origin(), &credential);
        assert_eq!(provider.get("/v1/kv/a").await.unwrap_err().to_string(), expected);
        assert!(vault.lines().is_empty());
    }
}
