//! Requests under a policy: which rule allows one, or which reason refuses it.

use portcullis_policy::network::CredentialKind;
use portcullis_policy::{Denial, Policy, PortcullisFile, Profile, Reason};

use crate::{decide, policy, reason};
use Reason::{NetAddrPrivate, NetAddrSpecial, NetHeader, NetMethod, NetPath, NetQuery, NetUnknownOrigin};

const VAULT: &str = "[
    { name: vault, origin: https://vault.example:8200, query: [version, 'a[b]', $filter], headers: [accept, x-vault-namespace],
      allow: [GET /v1/kv/data/**, LIST /v1/kv/metadata/*, { request: GET /e/**, encoded: true }],
      credential: { kind: vault, from: { file: /run/vault/token } } },
    { name: write, origin: https://vault.example:8200, allow: [POST /v1/kv/data/a], headers: [authorization] },
    { name: wild, origin: 'https://*.store.example', allow: [GET /] },
    { name: other, origin: http://plain.example, allow: [GET /**] }]";

/// Method, URL, headers; the destination and rule that allow it, or the reason.
type Row =
    (&'static str, &'static str, &'static [&'static str], Result<(&'static str, &'static str), Reason>);

const ROWS: &[Row] = &[
    ("GET", "https://vault.example:8200/v1/kv/data/a", &[], Ok(("vault", "GET /v1/kv/data/**"))),
    ("GET", "https://VAULT.example:8200/v1/kv/data/a/b", &[], Ok(("vault", "GET /v1/kv/data/**"))),
    ("GET", "https://vault.example:8200/v1/kv/data", &[], Ok(("vault", "GET /v1/kv/data/**"))),
    ("LIST", "https://vault.example:8200/v1/kv/metadata/a", &[], Ok(("vault", "LIST /v1/kv/metadata/*"))),
    (
        "POST",
        "https://vault.example:8200/v1/kv/data/a",
        &["authorization"],
        Ok(("write", "POST /v1/kv/data/a")),
    ),
    ("GET", "https://a.store.example/", &[], Ok(("wild", "GET /"))),
    ("GET", "http://plain.example/a/b", &[], Ok(("other", "GET /**"))),
    // Another scheme, port or host.
    ("GET", "http://vault.example:8200/v1/kv/data/a", &[], Err(NetUnknownOrigin)),
    ("GET", "https://vault.example/v1/kv/data/a", &[], Err(NetUnknownOrigin)),
    ("GET", "https://vault.example:82/v1/kv/data/a", &[], Err(NetUnknownOrigin)),
    ("GET", "https://evil-vault.example:8200/v1/kv/data/a", &[], Err(NetUnknownOrigin)),
    ("GET", "https://vault.example.evil.example:8200/v1/kv/data/a", &[], Err(NetUnknownOrigin)),
    ("GET", "https://store.example/", &[], Err(NetUnknownOrigin)),
    ("GET", "https://a.b.store.example/", &[], Err(NetUnknownOrigin)),
    ("GET", "https://10.0.0.1/", &[], Err(NetUnknownOrigin)),
    // Another method or path.
    ("PUT", "https://vault.example:8200/v1/kv/data/a", &[], Err(NetMethod)),
    ("HEAD", "https://a.store.example/", &[], Err(NetMethod)),
    ("POST", "https://vault.example:8200/v1/kv/data/b", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/dataset", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/V1/kv/data/a", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/metadata/a", &[], Err(NetPath)),
    ("LIST", "https://vault.example:8200/v1/kv/metadata/a/b", &[], Err(NetPath)),
    ("GET", "https://a.store.example/a", &[], Err(NetPath)),
    // Two readings, without and with `encoded: true`.
    ("GET", "https://vault.example:8200/v1/kv/data/a%2Fb", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/a%5Cb", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/a%2E", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/a%00", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/a%0D%0A", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/a%252Fb", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/%C0%AF", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/a;b", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/v1/kv/data/", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200//v1/kv/data/a", &[], Err(NetPath)),
    ("GET", "https://vault.example:8200/e/a%2Fb;c//", &[], Ok(("vault", "GET /e/** (encoded)"))),
    ("GET", "https://vault.example:8200/e/plain", &[], Ok(("vault", "GET /e/** (encoded)"))),
    ("GET", "http://plain.example//", &[], Err(NetPath)),
    // The query.
    ("GET", "https://vault.example:8200/v1/kv/data/a?version=2", &[], Ok(("vault", "GET /v1/kv/data/**"))),
    ("GET", "https://vault.example:8200/v1/kv/data/a?version", &[], Ok(("vault", "GET /v1/kv/data/**"))),
    (
        "GET",
        "https://vault.example:8200/v1/kv/data/a?%24filter=x&a%5Bb%5D=1",
        &[],
        Ok(("vault", "GET /v1/kv/data/**")),
    ),
    ("GET", "https://vault.example:8200/v1/kv/data/a?version=2&list=true", &[], Err(NetQuery)),
    ("GET", "https://vault.example:8200/v1/kv/data/a?Version=2", &[], Err(NetQuery)),
    ("GET", "https://vault.example:8200/v1/kv/data/a?%2576ersion=2", &[], Err(NetQuery)),
    ("GET", "https://vault.example:8200/v1/kv/data/a?version%00=2", &[], Err(NetQuery)),
    ("GET", "https://a.store.example/?x", &[], Err(NetQuery)),
    // Headers.
    (
        "GET",
        "https://vault.example:8200/v1/kv/data/a",
        &["accept", "X-Vault-Namespace"],
        Ok(("vault", "GET /v1/kv/data/**")),
    ),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["user-agent"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["x_vault_token"], Err(NetHeader)),
    ("POST", "https://vault.example:8200/v1/kv/data/a", &["x-vault-token"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["Connection"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["transfer-encoding"], Err(NetHeader)),
    (
        "GET",
        "https://vault.example:8200/v1/kv/data/a",
        &["content-length", "Transfer-Encoding"],
        Err(NetHeader),
    ),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["upgrade"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["Expect"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["te"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["proxy-authorization"], Err(NetHeader)),
    ("GET", "https://vault.example:8200/v1/kv/data/a", &["cookie"], Err(NetHeader)),
];

#[test]
fn one_rule_allows_a_request_or_one_reason_refuses_it() {
    let policy = policy(VAULT, None);
    for (method, url, headers, expected) in ROWS {
        let found = decide(&policy, method, url, headers);
        let shown = found.as_ref().map(|request| (request.destination().name(), request.rule().to_string()));
        let expected = expected.map(|(name, rule)| (name, rule.to_owned()));
        assert_eq!(shown.map_err(Denial::reason), expected, "{method} {url} {headers:?}: {found:?}");
    }
}

#[test]
fn the_first_reason_counts() {
    let policy = policy(VAULT, None);
    let table = [
        ("GET", "https://user@evil.example./..?x", Reason::NetUserinfo),
        ("GET", "https://evil.example./..?x", Reason::NetNoncanonicalHost),
        ("DELETE", "https://evil.example/x?x", NetUnknownOrigin),
        ("DELETE", "https://vault.example:8200/x?x", NetMethod),
        ("GET", "https://vault.example:8200/x?x", NetPath),
        ("GET", "https://vault.example:8200/e/%2Fv1/auth/token/lookup?x", Reason::NetLogin),
        ("GET", "https://vault.example:8200/v1/kv/data/a?x", NetQuery),
        ("GET", "https://vault.example:8200/v1/kv/data/a", NetHeader),
    ];
    for (method, url, expected) in table {
        assert_eq!(reason(&policy, method, url, &["te"]), Some(expected), "{method} {url}");
    }
}

#[test]
fn what_is_authorised_carries_what_a_client_needs() {
    let policy = policy(VAULT, None);
    let headers = ["Host", "accept", "Accept-Encoding", "content-length", "X-Vault-Token", "Authorization"];
    let url = "https://vault.example:8200/v1/kv/data/a?version=2";
    let request = decide(&policy, "GET", url, &headers).unwrap();
    assert_eq!((request.method(), request.url().as_str()), ("GET", url));
    assert_eq!(request.headers().iter().collect::<Vec<_>>(), ["accept"]);
    assert_eq!(
        request.dropped_headers().iter().collect::<Vec<_>>(),
        ["accept-encoding", "authorization", "content-length", "host", "x-vault-token"]
    );
    let destination = request.destination();
    assert_eq!(destination.provider().as_str(), "p");
    assert_eq!(destination.origin().to_string(), "https://vault.example:8200");
    assert_eq!(destination.credential().unwrap().kind(), &CredentialKind::Vault);
    assert_eq!(destination.limits(), policy.limits());
    assert_eq!(
        format!("{request:?}"),
        "GET https://vault.example:8200/v1/kv/data/a to vault by GET /v1/kv/data/**"
    );
    // A destination with a wildcard gives the one host that was asked for.
    let wild = decide(&policy, "GET", "https://a.store.example/", &[]).unwrap();
    assert_eq!(wild.destination().origin().to_string(), "https://a.store.example");
}

#[test]
fn a_message_says_what_to_add() {
    let policy = policy(VAULT, None);
    let table = [
        (
            "GET",
            "https://b.example/",
            "no destination has the origin https://b.example: add one below `network`",
        ),
        (
            "PUT",
            "https://vault.example:8200/v1/kv/data/a?x=s3cr3t",
            "vault, write has no rule for PUT: add `PUT /v1/kv/data/a` to `allow`",
        ),
        (
            "GET",
            "https://vault.example:8200/**",
            "has no rule for GET /**: only a rule with a wildcard takes a `*`",
        ),
        (
            "GET",
            "https://vault.example:8200/v2",
            "vault, write has no rule for GET /v2: add `GET /v2` to `allow`",
        ),
        (
            "GET",
            "https://vault.example:8200/v1/kv/data/a;b",
            "for GET /v1/kv/data/a;b: servers may read it in two ways: add `{ request: …, encoded: true }` to `allow`",
        ),
        ("GET", "https://vault.example:8200/e/a?x=s3cr3t", "the query key `x` is not in `query` of vault"),
    ];
    for (method, url, part) in table {
        let denial = decide(&policy, method, url, &[]).unwrap_err();
        assert!(denial.message().contains(part) && !denial.message().contains("s3cr3t"), "{denial}");
    }
}

#[test]
fn a_section_that_grants_nothing_allows_nothing() {
    let text = "version: 1\nproviders: { p: { component: x.wasm } }\n";
    let mut file = PortcullisFile::parse("p.yaml", text).unwrap();
    let provider = file.providers.remove("p").unwrap();
    let absent = Policy::compile(provider.name, Profile::Custom, provider.grants, None).unwrap();
    let narrowed = policy("[{ name: d, origin: https://a.example, allow: [GET /] }]", Some("[]"));
    for policy in [absent, policy("[]", None), narrowed] {
        assert_eq!(reason(&policy, "GET", "https://a.example/", &[]), Some(NetUnknownOrigin));
    }
}

#[test]
fn a_host_that_is_an_address_is_judged_with_the_request() {
    let table = [
        ("https://8.8.8.8", "", None),
        ("https://10.1.2.3", "", Some(NetAddrPrivate)),
        ("https://10.1.2.3", "private: [10.0.0.0/8],", None),
        ("https://10.1.2.3", "private: [10.1.2.4/32],", Some(NetAddrPrivate)),
        ("https://127.0.0.1", "", None),
        ("https://127.8.8.8:8200", "", None),
        ("https://[::1]", "", None),
        ("https://169.254.169.254", "", Some(NetAddrSpecial)),
        ("https://100.100.100.200", "private: [100.64.0.0/10],", Some(NetAddrSpecial)),
        ("https://168.63.129.16", "", Some(NetAddrSpecial)),
        ("https://0.0.0.0", "", Some(NetAddrSpecial)),
        ("https://[fd12::1]", "private: ['fd12::/16'],", None),
        ("https://[fd00:ec2::254]", "private: ['fd00::/8'],", Some(NetAddrSpecial)),
        ("https://[64:ff9b::a9fe:a9fe]", "", Some(NetAddrSpecial)),
        ("https://[2606:4700::1111]", "", None),
    ];
    for (origin, private, expected) in table {
        let network = format!("[{{ name: d, origin: '{origin}', {private} allow: [GET /] }}]");
        assert_eq!(reason(&policy(&network, None), "GET", &format!("{origin}/"), &[]), expected, "{origin}");
    }
}
