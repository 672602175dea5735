//! Google: every kind of credential file, the metadata service, impersonation, and what is refused.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::form::{form, query};
use crate::host::Host;
use crate::jwt::{KEY, verify};
use crate::store::{Full, Received, Store};
use crate::{NOW, SECRET, bearer, host, provider};

const ALL: &str = "https://www.googleapis.com/auth/cloud-platform";

fn issuer() -> Store {
    Store::start_full(answer)
}

fn token(name: &str) -> Full {
    (
        200,
        Vec::new(),
        json!({ "access_token": format!("token-of-{name}"), "expires_in": 3599, "token_type": "Bearer" })
            .to_string(),
    )
}

fn refuse(code: &str) -> Full {
    (400, Vec::new(), json!({ "error": code, "error_description": SECRET }).to_string())
}

fn answer(received: &Received) -> Full {
    let (path, _) = received.target.split_once('?').unwrap_or((&received.target, ""));
    match (received.method.as_str(), path) {
        ("POST", "/token") => token_endpoint(received),
        ("POST", "/v1/token") => exchange(received),
        ("GET", "/computeMetadata/v1/instance/service-accounts/default/token") => {
            assert_eq!(received.header("metadata-flavor"), Some("Google"));
            let scope = query(received)["scopes"].replace("https://www.googleapis.com/auth/", "");
            let (status, _, body) = token(&format!("metadata-{scope}"));
            (status, vec![("Metadata-Flavor", "Google".to_owned())], body)
        }
        ("GET", "/other/computeMetadata") => token("other"),
        ("GET", "/subject") if received.header("x-key") == Some("k") => {
            (200, Vec::new(), json!({ "id_token": "subject-1" }).to_string())
        }
        ("POST", "/v1/projects/-/serviceAccounts/sa@p.example:generateAccessToken") => impersonate(received),
        _ => (404, Vec::new(), json!({ "error": { "status": "NOT_FOUND", "message": SECRET } }).to_string()),
    }
}

fn token_endpoint(received: &Received) -> Full {
    let form = form(received);
    let is = |name: &str, value: &str| form.get(name).is_some_and(|found| found == value);
    if is("grant_type", "refresh_token") {
        let fits = is("client_id", "user-app")
            && is("client_secret", "secret-of-app")
            && is("refresh_token", "refresh-1");
        return if fits { token("user") } else { refuse("invalid_grant") };
    }
    if !is("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return refuse("unsupported_grant_type");
    }
    let Some((header, claims)) = verify(&form["assertion"], "RS256") else { return refuse("invalid_grant") };
    let fits = header["kid"] == "key-1"
        && claims["iss"] == "robot@p.example"
        && claims["aud"] == format!("http://{}/token", received.header("host").unwrap()).as_str()
        && claims["iat"] == NOW
        && claims["exp"] == NOW + 3600;
    let scope = claims["scope"].as_str().unwrap_or_default().replace("https://www.googleapis.com/auth/", "");
    if fits { token(&format!("account-{scope}")) } else { refuse("invalid_grant") }
}

fn exchange(received: &Received) -> Full {
    let form = form(received);
    let fits = form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
        && form["audience"]
            == "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b"
        && form["requested_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
        && form["subject_token_type"] == "urn:ietf:params:oauth:token-type:jwt"
        && form["scope"] == ALL;
    if fits && form["subject_token"] == "subject-1" { token("exchange") } else { refuse("invalid_target") }
}

fn impersonate(received: &Received) -> Full {
    let body: Value = received.json();
    let by = received.header("authorization").unwrap_or_default().replace("Bearer token-of-", "");
    assert_eq!(body["lifetime"], "3600s");
    let scopes: Vec<String> = body["scope"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| scope.as_str().unwrap().replace("https://www.googleapis.com/auth/", ""))
        .collect();
    let token = format!("token-of-sa-by-{by}-for-{}", scopes.join("+"));
    (200, Vec::new(), json!({ "accessToken": token, "expireTime": "2024-01-15T13:00:00Z" }).to_string())
}

fn account(stub: &Store) -> Value {
    json!({
        "type": "service_account", "project_id": "p", "private_key_id": "key-1", "private_key": KEY,
        "client_email": "robot@p.example", "token_uri": format!("{}/token", stub.origin()),
        "universe_domain": "googleapis.com",
    })
}

fn user(stub: &Store) -> Value {
    json!({
        "type": "authorized_user", "client_id": "user-app", "client_secret": "secret-of-app", "refresh_token": "refresh-1",
        "token_uri": format!("{}/token", stub.origin()),
    })
}

fn external(stub: &Store, source: &Value) -> Value {
    json!({
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": format!("{}/v1/token", stub.origin()),
        "credential_source": source,
    })
}

fn impersonating(mut file: Value, stub: &Store) -> Value {
    let url = format!("{}/v1/projects/-/serviceAccounts/sa@p.example:generateAccessToken", stub.origin());
    file["service_account_impersonation_url"] = url.into();
    file
}

/// A host with credential files of every kind.
fn with_files(variables: &[(&str, &str)], stub: &Store) -> Arc<Host> {
    let origin = stub.origin();
    let host = host(variables);
    let put = |name: &str, value: &Value| host.put(&format!("/google/{name}"), &value.to_string());
    put("account", &account(stub));
    put("user", &user(stub));
    let file = json!({ "file": "/google/subject" });
    put("external-file", &external(stub, &file));
    let fields = json!({ "type": "json", "subject_token_field_name": "id_token" });
    let url = json!({ "url": format!("{origin}/subject"), "headers": { "x-key": "k" }, "format": fields });
    put("external-url", &external(stub, &url));
    put("external-impersonating", &impersonating(external(stub, &file), stub));
    let wrapped =
        json!({ "type": "impersonated_service_account", "source_credentials": user(stub), "delegates": [] });
    put("impersonated", &impersonating(wrapped, stub));
    put(
        "external-executable",
        &external(stub, &json!({ "executable": { "command": "/bin/sh -c marker-secret-1" } })),
    );
    put("external-aws", &external(stub, &json!({ "environment_id": "aws1" })));
    put("external-wrong", &external(stub, &json!({ "file": "/google/wrong" })));
    put("external-elsewhere", &external(stub, &json!({ "url": "http://10.0.0.1/subject" })));
    let with = |mut value: Value, key: &str, new: Value| {
        value[key] = new;
        value
    };
    put("elsewhere", &with(account(stub), "token_uri", "https://token.evil.example/token".into()));
    put("revoked", &with(user(stub), "refresh_token", SECRET.into()));
    put("universe", &with(account(stub), "universe_domain", "other.example".into()));
    put("bad-key", &with(account(stub), "private_key", SECRET.into()));
    put("no-email", &with(account(stub), "client_email", Value::Null));
    put("workforce", &with(external(stub, &file), "workforce_pool_user_project", "p".into()));
    put("gdch", &json!({ "type": "gdch_service_account", "name": SECRET }));
    host.put("/google/subject", "subject-1\n");
    host.put("/google/wrong", SECRET);
    host.put("/home/u/.config/gcloud/application_default_credentials.json", &user(stub).to_string());
    host
}

/// Credential (`{stub}` is the origin of all endpoints), variables, token.
const ROWS: &[crate::Case] = &[
    ("from: { file: /google/account }", &[], "token-of-account-cloud-platform"),
    ("from: { file: /google/account }, scope: s1 s2", &[], "token-of-account-s1 s2"),
    ("from: { env: KEY }", &[("KEY", "/google/account")], "token-of-account-cloud-platform"),
    ("from: { env: KEY }", &[("KEY", "{user}")], "token-of-user"),
    ("from: { file: /google/user }", &[], "token-of-user"),
    ("from: { file: /google/external-file }", &[], "token-of-exchange"),
    ("from: { file: /google/external-url }", &[], "token-of-exchange"),
    ("from: { file: /google/external-impersonating }, scope: s1", &[], "token-of-sa-by-exchange-for-s1"),
    ("from: { file: /google/impersonated }", &[], "token-of-sa-by-user-for-cloud-platform"),
    (
        "from: { file: /google/account }, impersonate: sa@p.example, iam: '{stub}', scope: s1 s2",
        &[],
        "token-of-sa-by-account-cloud-platform-for-s1+s2",
    ),
    (
        "from: metadata",
        &[("GOOGLE_APPLICATION_CREDENTIALS", "/google/user")],
        "token-of-metadata-cloud-platform",
    ),
    ("from: metadata, scope: s1 s2", &[], "token-of-metadata-s1,s2"),
    (
        "from: metadata, impersonate: sa@p.example, iam: '{stub}'",
        &[],
        "token-of-sa-by-metadata-cloud-platform-for-cloud-platform",
    ),
    // The order of the default.
    (
        "scope: s1",
        &[("GOOGLE_APPLICATION_CREDENTIALS", "/google/account"), ("HOME", "/home/u")],
        "token-of-account-s1",
    ),
    ("scope: s1", &[("HOME", "/home/u")], "token-of-user"),
    ("scope: s1", &[("HOME", "/home/other")], "token-of-metadata-s1"),
    ("scope: s1", &[], "token-of-metadata-s1"),
];

fn credential(text: &str, stub: &Store) -> String {
    let text = format!("kind: google, endpoints: ['{{stub}}'], metadata: '{{stub}}', {text}");
    text.replace("{stub}", &stub.origin())
}

#[tokio::test]
async fn a_request_bears_the_token_of_who_asks() {
    for (text, variables, expected) in ROWS {
        let stub = issuer();
        let user = user(&stub).to_string();
        let variables: Vec<(&str, String)> =
            variables.iter().map(|(name, value)| (*name, value.replace("{user}", &user))).collect();
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let host = with_files(&variables, &stub);
        let (provider, store) = provider(&host, &credential(text, &stub));
        let (status, read) = provider.get("/v1/a").await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((status, bearer(&store).as_str()), (200, *expected), "{text}");
        assert!(!read.contains("token-of"), "{read}");
        let asked = stub.received().len();
        provider.get("/v1/b").await.unwrap();
        assert_eq!(stub.received().len(), asked, "{text}");
    }
}

/// Credential, variables, a part of the error.
const REFUSALS: &[crate::Case] = &[
    (
        "from: { file: /google/external-executable }",
        &[],
        "google: the credential file has `credential_source.executable`: nothing is executed to get a credential; have the \
         program write its token to a file, and name that as `credential_source.file`",
    ),
    (
        "from: { file: /google/external-aws }",
        &[],
        "`credential_source.environment_id`, which is not supported",
    ),
    (
        "from: { file: /google/external-elsewhere }",
        &[],
        "`credential_source.url` of the credential file leads elsewhere than to Google",
    ),
    (
        "from: { file: /google/external-wrong }",
        &[],
        "the token endpoint answered with status 400 (invalid_target)",
    ),
    (
        "from: { file: /google/elsewhere }",
        &[],
        "`token_uri` of the credential file leads elsewhere than to Google: add its origin to `endpoints`",
    ),
    ("from: { file: /google/revoked }", &[], "the token endpoint answered with status 400 (invalid_grant)"),
    ("from: { file: /google/universe }", &[], "the credential file is for another cloud than googleapis.com"),
    ("from: { file: /google/bad-key }", &[], "`private_key` of the credential file: no private key"),
    ("from: { file: /google/no-email }", &[], "the credential file has no `client_email`"),
    (
        "from: { file: /google/workforce }",
        &[],
        "the credential file has `workforce_pool_user_project`: identities of a workforce",
    ),
    (
        "from: { file: /google/gdch }",
        &[],
        "the credential file has a `type` that is not supported: expected one of `service_account`",
    ),
    ("from: { file: /google/wrong }", &[], "the credential file is no JSON object"),
    ("from: { file: /google/none }", &[], "/google/none: "),
    (
        "from: { env: KEY }",
        &[("KEY", "marker-secret-1")],
        "variable KEY holds neither a credential file nor a path from the root",
    ),
    ("from: { env: KEY }", &[], "the variable KEY is not set"),
    (
        "from: { file: /google/account }, impersonate: other@p.example, iam: '{stub}'",
        &[],
        "the endpoint that impersonates answered with status 404 (NOT_FOUND)",
    ),
    ("scope: s1", &[("GOOGLE_APPLICATION_CREDENTIALS", "/google/none")], "/google/none: "),
];

#[tokio::test]
async fn what_cannot_be_got_is_said_without_values() {
    let secrets = [SECRET, "secret-of-app", "refresh-1", "PRIVATE KEY-----M"];
    crate::refuses(REFUSALS, &secrets, issuer, with_files, credential).await;
}

#[tokio::test]
async fn a_metadata_service_shows_whose_it_is() {
    // Anybody's server, which answers every URL with a token.
    for headers in [vec![], vec![("Metadata-Flavor", "Other".to_owned())]] {
        let body = r#"{"access_token":"marker-secret-1","expires_in":3600}"#;
        let stub = Store::start_full(move |_| (200, headers.clone(), body.to_owned()));
        let credential = format!("kind: google, from: metadata, metadata: '{}'", stub.origin());
        let (elsewhere, _store) = provider(&host(&[]), &credential);
        let error = elsewhere.get("/v1/a").await.unwrap_err().to_string();
        assert_eq!(error, "no credential: google: who answers as the metadata service is not Google's");
    }
    let (named, _store) =
        provider(&host(&[("GCE_METADATA_HOST", "10.0.0.1:8080")]), "kind: google, from: metadata");
    let error = named.get("/v1/a").await.unwrap_err().to_string();
    assert!(error.contains("GCE_METADATA_HOST is not followed: name the endpoint as `metadata`"), "{error}");
}
