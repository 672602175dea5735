//! Issuers that answer with nonsense, or not in time.

use std::sync::{Arc, Mutex};

use crate::SECRET;
use crate::host::Host;
use crate::store::{Full, Store};
use crate::{host, provider};

/// An answer of a token endpoint, and what is said of it.
const TOKENS: &[(u16, &str, &str)] = &[
    (200, "", "answered with something that is no JSON object"),
    (200, "<html>marker-secret-1</html>", "answered with something that is no JSON object"),
    (200, r#"["marker-secret-1"]"#, "answered with something that is no JSON object"),
    (200, r#"{"token":"marker-secret-1"}"#, "answered without `access_token`"),
    (200, r#"{"access_token":"","expires_in":1}"#, "answered without `access_token`"),
    (200, r#"{"access_token":["marker-secret-1"],"expires_in":1}"#, "answered without `access_token`"),
    (200, r#"{"access_token":"marker-secret-1"}"#, "does not say how long its token is valid"),
    (
        200,
        r#"{"access_token":"marker-secret-1","expires_in":"soon"}"#,
        "does not say how long its token is valid",
    ),
    (
        200,
        r#"{"access_token":"marker-secret-1","expires_in":-1}"#,
        "does not say how long its token is valid",
    ),
    (
        200,
        r#"{"access_token":"marker-secret-1\nx-other: 1","expires_in":60}"#,
        "the token is not one line of printable text",
    ),
    (204, "", "answered with status 204"),
    (302, "", "answered with status 302"),
    (400, r#"{"error":"marker-secret-1"}"#, "answered with status 400"),
    (
        400,
        r#"{"error":{"status":"PERMISSION_DENIED","message":"marker-secret-1"}}"#,
        "answered with status 400 (PERMISSION_DENIED)",
    ),
    (429, "marker-secret-1", "answered with status 429"),
    (500, r#"{"error":"server_error"}"#, "answered with status 500 (server_error)"),
];

const KEYS: &[(u16, &str, &str)] = &[
    (200, "", "sts AssumeRoleWithWebIdentity answered without keys"),
    (200, "<a>marker-secret-1", "sts AssumeRoleWithWebIdentity answered without keys"),
    (
        200,
        "<a><AccessKeyId>marker-secret-1</AccessKeyId></a>",
        "sts AssumeRoleWithWebIdentity answered without keys",
    ),
    (
        200,
        "<a><AccessKeyId>a</AccessKeyId><SecretAccessKey>marker-secret-1</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>marker-secret-1</Expiration></a>",
        "sts AssumeRoleWithWebIdentity answered without keys",
    ),
    // A document that would grow when it is read.
    (
        200,
        "<!DOCTYPE a [<!ENTITY b 'marker-secret-1'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
        "sts AssumeRoleWithWebIdentity answered without keys",
    ),
    (
        400,
        "<E><Error><Code>marker-secret-1</Code></Error></E>",
        "sts AssumeRoleWithWebIdentity answered with status 400",
    ),
    (503, "<E><Error><Code>Throttling</Code></Error></E>", "answered with status 503 (Throttling)"),
];

fn hosts() -> Arc<Host> {
    let host =
        host(&[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/web")]);
    host.put("/token", "token");
    host
}

#[tokio::test]
async fn nonsense_is_no_credential_and_is_not_repeated() {
    let kinds = [
        ("kind: azure, tenant: t, client: c, authority: '{stub}', from: { secret: { value: s } }", TOKENS),
        ("kind: aws, service: ssm, region: a, sts: '{stub}', from: web_identity", KEYS),
    ];
    for (credential, rows) in kinds {
        for (status, body, expected) in rows {
            let answer: Full = (*status, Vec::new(), (*body).to_owned());
            let stub = Store::start_full(move |_| answer.clone());
            let (provider, store) = provider(&hosts(), &credential.replace("{stub}", &stub.origin()));
            let error = provider.get("/a").await.unwrap_err().to_string();
            assert!(error.contains(expected), "{body}: {error}");
            assert!(!error.contains(SECRET), "{error}");
            assert_eq!((stub.received().len(), store.received().len()), (1, 0), "{body}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let stub =
        Store::start(|_| (200, format!(r#"{{"access_token":"{}","expires_in":60}}"#, "x".repeat(300 << 10))));
    let credential = format!(
        "kind: azure, tenant: t, client: c, authority: '{}', from: {{ secret: {{ value: s }} }}",
        stub.origin()
    );
    let (provider, _store) = provider(&hosts(), &credential);
    let error = provider.get("/a").await.unwrap_err().to_string();
    assert!(error.ends_with("the answer is over 262144 bytes"), "{error}");
}

#[tokio::test]
async fn the_next_request_asks_again_after_a_failure() {
    let answers = Arc::new(Mutex::new(vec![
        (200, r#"{"access_token":"good-token","expires_in":3600}"#.to_owned()),
        (500, String::new()),
    ]));
    let stub = Store::start(move |_| answers.lock().unwrap().pop().unwrap());
    let credential = format!(
        "kind: azure, tenant: t, client: c, authority: '{}', from: {{ secret: {{ value: s }} }}",
        stub.origin()
    );
    let (provider, store) = provider(&hosts(), &credential);
    provider.get("/a").await.unwrap_err();
    provider.get("/a").await.unwrap();
    assert_eq!(crate::bearer(&store), "good-token");
}
