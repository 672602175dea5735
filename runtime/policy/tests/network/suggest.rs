//! What is suggested allows what was denied, and no more than was asked for.

use portcullis_policy::network::AskedRequest;
use portcullis_policy::{Policy, Request};
use proptest::prelude::*;

use crate::laws::request;
use crate::policy;

const STORE: &str = "[{ name: store, origin: 'https://a.example', allow: [GET /v1/**], query: [version], \
                     headers: [accept], credential: { kind: vault, from: { env: T } } }]";

fn asked(method: &str, url: &str, headers: &[&str]) -> AskedRequest {
    AskedRequest::of(&Request::parse(method, url, headers).unwrap())
}

fn shown(policy: &Policy, asked: &AskedRequest) -> String {
    let found = policy.suggest([asked]);
    let additions: String = found.additions.iter().map(ToString::to_string).collect();
    additions + &found.never.join("\n")
}

/// Request, its headers, and what is suggested.
#[test]
fn what_is_missing_is_suggested_and_nothing_else() {
    let rows: &[(&str, &str, &[&str], &str)] = &[
        ("GET", "https://a.example/v1/a?version=1", &["accept"], ""),
        (
            "GET",
            "https://a.example/v1/a?other=1",
            &[],
            "# add to the destination store:\n- name: store\n  origin: https://a.example\n  query:\n    - \"other\"\n",
        ),
        (
            "PUT",
            "https://a.example/v2",
            &["x-own", "host", "x-vault-token"],
            "# add to the destination store:\n- name: store\n  origin: https://a.example\n  allow:\n    - \"PUT /v2\"\n  \
             headers:\n    - \"x-own\"\n",
        ),
        (
            "GET",
            "https://b.example:8200/a//b",
            &[],
            "# a new destination below `network`; choose its name:\n- name: new\n  origin: https://b.example:8200\n  allow:\n    \
             - { request: \"GET /a//b\", encoded: true }\n",
        ),
        (
            "GET",
            "https://a.example/v2/*",
            &[],
            "GET https://a.example/v2/*: only a rule with a wildcard takes a `*`",
        ),
        (
            "POST",
            "https://a.example/v1/auth/approle/login",
            &[],
            "POST https://a.example/v1/auth/approle/login: it would give the guest a credential: nothing allows it",
        ),
        (
            "GET",
            "https://a.example/v1/a",
            &["upgrade"],
            "GET https://a.example/v1/a: the header upgrade belongs to the connection",
        ),
    ];
    let policy = policy(STORE, None);
    for (method, url, headers, expected) in rows {
        assert_eq!(shown(&policy, &asked(method, url, headers)), *expected, "{method} {url}");
    }
}

#[test]
fn a_record_that_no_guest_can_have_caused_is_told() {
    let record = AskedRequest {
        method: "GET".into(),
        url: "https://u@a.example/".into(),
        query: Vec::new(),
        headers: Vec::new(),
    };
    assert!(shown(&policy(STORE, None), &record).contains("net.userinfo"));
}

proptest! {
    /// What is suggested is a policy, and that policy allows the request.
    #[test]
    fn what_is_suggested_allows_it((method, url, headers) in request()) {
        let Ok(request) = Request::parse(method, &url, &headers) else { return Ok(()) };
        let empty = policy("[]", None);
        let found = empty.suggest([&AskedRequest::of(&request)]);
        let Some(addition) = found.additions.first() else { return Err(TestCaseError::fail("nothing")) };
        let lines: String = addition.to_string().lines().map(|line| format!("      {line}\n")).collect();
        let decided = policy(&format!("\n{lines}"), None).decide_request(&request);
        // An address of the operator's own networks needs `private`, which a request does not tell.
        prop_assert!(decided.is_ok() || request.origin().address().is_some(), "{lines}{decided:?}");
    }
}
