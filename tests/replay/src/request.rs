//! A request as a guest asks for it.

use std::sync::LazyLock;

use portcullis_policy::{AuthorizedRequest, Policy, PortcullisFile, Profile, Reason, Request, RequestError};

use crate::place::assert_one_line;

mod dial;

/// Stands for a password in the seeds.
const MARKER: &str = "m4rk3r";

/// Much is allowed, so that much is looked at: what is refused here has no one spelling, or must never be reached.
const POLICY: &str = "\
version: 1
providers:
  p:
    component: x.wasm
    network:
      - name: vault
        origin: https://vault.example:8200
        allow: [GET /v1/kv/data/**, { request: GET /e/**, encoded: true }, POST /v1/**]
        query: [version]
        headers: [accept, x-vault-namespace]
        credential: { kind: vault, from: { file: /t } }
      - { name: wild, origin: 'https://*.store.example', allow: [{ request: GET /**, encoded: true }] }
      - { name: here, origin: 'http://[::1]', allow: [GET /**] }
      - { name: near, origin: 'http://10.0.0.1', private: [10.0.0.0/8], allow: [GET /**] }
      - { name: never, origin: 'http://169.254.169.254', allow: [GET /**] }
";

static COMPILED: LazyLock<Policy> = LazyLock::new(|| {
    let mut file = PortcullisFile::parse("p.yaml", POLICY).unwrap();
    let provider = file.providers.remove("p").unwrap();
    Policy::compile(provider.name, Profile::Custom, provider.grants, None).unwrap()
});

/// Any text: a refusal in one line without a password, or a request in the one spelling that it has.
pub fn request(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let (method, url) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or(("GET", text));
    let headers: Vec<&str> = lines.collect();
    match Request::parse(method, url, &headers) {
        Ok(request) => accepted(method, url, &request),
        Err(error) => refused(&error),
    }
}

fn refused(error: &RequestError) {
    let message = error.to_string();
    assert_one_line(&message);
    assert!(error.reason() != Reason::NetUserinfo || !message.contains(MARKER), "{message}");
}

fn accepted(method: &str, url: &str, request: &Request) {
    let canonical = request.url().as_str();
    assert!(canonical.eq_ignore_ascii_case(url) && canonical.is_ascii(), "{url} became {canonical}");
    assert!(!canonical.bytes().any(|b| b.is_ascii_control() || b" \\#\"<>^`{|}".contains(&b)), "{canonical}");
    assert_eq!(request.method(), method);
    assert_one_line(&format!("{request} {request:?}"));
    assert!(!format!("{request:?}").contains('?'), "a query is shown: {request:?}");
    second_reader(request);
    let again = Request::parse(request.method(), canonical, request.headers()).unwrap();
    assert_eq!(&again, request);
    let decision = COMPILED.decide_request(request);
    let twice = COMPILED.decide_request(&again);
    assert_eq!(format!("{decision:?}"), format!("{twice:?}"));
    match decision {
        Ok(authorized) => sent(&authorized),
        Err(denial) => assert_one_line(&denial.to_string()),
    }
}

/// What guests and HTTP libraries take URLs apart with sees the same host, port, path and query.
fn second_reader(request: &Request) {
    let url = request.url();
    let uri: http::Uri = url.as_str().parse().unwrap_or_else(|error| panic!("{error}: {url}"));
    assert_eq!((uri.scheme_str(), uri.host()), (Some(url.scheme()), url.host_str()));
    assert_eq!((uri.port_u16(), uri.path(), uri.query()), (url.port(), url.path(), url.query()));
    assert!(!uri.authority().unwrap().as_str().contains('@') && url.password().is_none());
    for segment in url.path().split('/') {
        let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
        assert!(!matches!(decoded.as_str(), "." | ".."), "{url}");
    }
}

fn sent(authorized: &AuthorizedRequest) {
    let destination = authorized.destination();
    assert_eq!(authorized.url().origin().ascii_serialization(), destination.origin().to_string());
    assert!(destination.name() != "never", "{authorized}");
    let host = authorized.url().host_str().unwrap();
    let named = match destination.name() {
        "vault" => host == "vault.example",
        "wild" => host.strip_suffix(".store.example").is_some_and(|label| !label.contains('.')),
        _ => destination.origin().address().is_some(),
    };
    assert!(named, "{authorized:?}");
    assert!(
        destination.name() != "vault" || !authorized.url().path().ends_with("/v1/auth/token/lookup-self")
    );
    assert!(authorized.headers().iter().all(|name| matches!(name.as_str(), "accept" | "x-vault-namespace")));
    let second =
        Request::parse(authorized.method(), authorized.url().as_str(), authorized.headers()).unwrap();
    let second = COMPILED.decide_request(&second).unwrap();
    assert_eq!((second.url(), second.headers()), (authorized.url(), authorized.headers()));
    if destination.origin().address().is_none() {
        assert_eq!(dial::asked_for(&COMPILED, authorized), [destination.origin().host()], "{authorized:?}");
    }
    let metadata = [std::net::Ipv4Addr::new(169, 254, 169, 254).into()];
    assert!(destination.decide_addresses(&metadata).is_err());
}
