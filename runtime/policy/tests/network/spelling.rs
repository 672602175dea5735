//! Odd spellings of a request, whatever the policy says.

use Reason::{NetHeader, NetMethod, NetNoncanonicalHost, NetPath, NetQuery, NetUnknownOrigin, NetUserinfo};
use portcullis_policy::{Reason, Request};

/// Spellings that are refused.
const REFUSED: &[(&str, Reason)] = &[
    // No URL of http.
    ("", NetUnknownOrigin),
    ("/v1", NetUnknownOrigin),
    ("//a.example/", NetUnknownOrigin),
    ("https:/a.example/", NetUnknownOrigin),
    ("https:a.example", NetUnknownOrigin),
    ("ftp://a.example/", NetUnknownOrigin),
    ("file:///etc/passwd", NetUnknownOrigin),
    ("unix:///run/vault.sock", NetUnknownOrigin),
    (" https://a.example/", NetUnknownOrigin),
    ("ht\ntps://a.example/", NetUnknownOrigin),
    // A user before the host, or a host that looks like one.
    ("https://user@a.example/", NetUserinfo),
    ("https://user:s3cr3t@a.example/", NetUserinfo),
    ("https://a.example@evil.example/", NetUserinfo),
    ("https://a.example:443@evil.example/", NetUserinfo),
    ("https://a.example:z@evil.example/", NetUserinfo),
    ("https://x:y@127.0.0.1:8080/", NetUserinfo),
    ("https://@a.example/", NetUserinfo),
    ("https://a.example\\@evil.example/", NetNoncanonicalHost),
    ("https://a.example\\evil.example/", NetNoncanonicalHost),
    ("https:\\\\a.example/", NetUnknownOrigin),
    // Hosts of several spellings.
    ("https:///v1", NetNoncanonicalHost),
    ("https://a.example./", NetNoncanonicalHost),
    ("https://a..example/", NetNoncanonicalHost),
    ("https://.a.example/", NetNoncanonicalHost),
    ("https://a.example:/", NetNoncanonicalHost),
    ("https://a.example:abc/", NetNoncanonicalHost),
    ("https://a.example:443/", NetNoncanonicalHost),
    ("http://a.example:80/", NetNoncanonicalHost),
    ("https://a.example:0443/", NetNoncanonicalHost),
    ("https://a.example:0/", NetNoncanonicalHost),
    ("https://a.example:65536/", NetNoncanonicalHost),
    ("https://a.example:-1/", NetNoncanonicalHost),
    ("https://a.example:1:2/", NetNoncanonicalHost),
    ("https://a .example/", NetNoncanonicalHost),
    ("https://a\t.example/", NetNoncanonicalHost),
    ("https://a\r\n.example/", NetNoncanonicalHost),
    ("https://a\0.example/", NetNoncanonicalHost),
    ("https://%61.example/", NetNoncanonicalHost),
    ("https://a%2eexample/", NetNoncanonicalHost),
    ("https://b\u{fc}cher.example/", NetNoncanonicalHost),
    ("https://a\u{3002}example/", NetNoncanonicalHost),
    ("https://a\u{ff0e}example/", NetNoncanonicalHost),
    ("https://\u{ff41}.example/", NetNoncanonicalHost),
    ("https://a\u{ad}.example/", NetNoncanonicalHost),
    ("https://\u{430}.example/", NetNoncanonicalHost),
    ("https://\u{212a}.example/", NetNoncanonicalHost),
    ("https://xn--a.example/", NetNoncanonicalHost),
    ("https://xn--\u{e4}.example/", NetNoncanonicalHost),
    ("https://xn--abc-.example/", NetNoncanonicalHost),
    ("https://*.example/", NetNoncanonicalHost),
    ("https://*.corp.example/", NetNoncanonicalHost),
    ("https://-a.example/", NetNoncanonicalHost),
    // Addresses of several spellings.
    ("https://2130706433/", NetNoncanonicalHost),
    ("https://0177.1/", NetNoncanonicalHost),
    ("https://0177.0.0.1/", NetNoncanonicalHost),
    ("https://127.1/", NetNoncanonicalHost),
    ("https://0x7f.0.0.1/", NetNoncanonicalHost),
    ("https://0x7f000001/", NetNoncanonicalHost),
    ("https://127.0.0.01/", NetNoncanonicalHost),
    ("https://127.0.0.1./", NetNoncanonicalHost),
    ("https://256.0.0.1/", NetNoncanonicalHost),
    ("https://1.2.3.4.5/", NetNoncanonicalHost),
    ("https://a.1/", NetNoncanonicalHost),
    ("https://a.0x1/", NetNoncanonicalHost),
    ("https://[::1/", NetNoncanonicalHost),
    ("https://::1/", NetNoncanonicalHost),
    ("https://[0:0::1]/", NetNoncanonicalHost),
    ("https://[0000::1]/", NetNoncanonicalHost),
    ("https://[::0001]/", NetNoncanonicalHost),
    ("https://[::ffff:10.0.0.1]/", NetNoncanonicalHost),
    ("https://[::ffff:a00:1]/", NetNoncanonicalHost),
    ("https://[fe80::1%eth0]/", NetNoncanonicalHost),
    ("https://[fe80::1%25eth0]/", NetNoncanonicalHost),
    ("https://[v1.a]/", NetNoncanonicalHost),
    ("https://[::1]x/", NetNoncanonicalHost),
    ("https://[127.0.0.1]/", NetNoncanonicalHost),
    // Paths of several readings.
    ("https://a.example", NetPath),
    ("https://a.example?x=1", NetPath),
    ("https://a.example#x", NetPath),
    ("https://a.example/#", NetPath),
    ("https://a.example/a#b", NetPath),
    ("https://a.example/a?x=1#b", NetPath),
    ("https://a.example/a\\b", NetPath),
    ("https://a.example/..\\b", NetPath),
    ("https://a.example/a b", NetPath),
    ("https://a.example/a\tb", NetPath),
    ("https://a.example/a\r\nHost: evil", NetPath),
    ("https://a.example/a\0", NetPath),
    ("https://a.example/\u{e4}", NetPath),
    ("https://a.example/.", NetPath),
    ("https://a.example/a/..", NetPath),
    ("https://a.example/a/../b", NetPath),
    ("https://a.example/./b", NetPath),
    ("https://a.example/%2e/b", NetPath),
    ("https://a.example/%2E%2E/b", NetPath),
    ("https://a.example/.%2e/b", NetPath),
    ("https://a.example/%", NetPath),
    ("https://a.example/%2", NetPath),
    ("https://a.example/%zz", NetPath),
    ("https://a.example/%u0041", NetPath),
    ("https://a.example/%+1", NetPath),
    ("https://a.example/a%2fb", NetPath),
    ("https://a.example/%c3%a4", NetPath),
    ("https://a.example/%61", NetPath),
    ("https://a.example/%7E", NetPath),
    ("https://a.example/{a}", NetPath),
    ("https://a.example/a|b", NetPath),
    ("https://a.example/a^b", NetPath),
    ("https://a.example/a[1]", NetPath),
    ("https://a.example/\"", NetPath),
    // Queries of several readings.
    ("https://a.example/?", NetQuery),
    ("https://a.example/?=1", NetQuery),
    ("https://a.example/?a=1&&b=2", NetQuery),
    ("https://a.example/?&a=1", NetQuery),
    ("https://a.example/?a=1&", NetQuery),
    ("https://a.example/?a=1;b=2", NetQuery),
    ("https://a.example/?a='", NetQuery),
    ("https://a.example/?a=%", NetQuery),
    ("https://a.example/?a%=1", NetQuery),
    ("https://a.example/?%ff=1", NetQuery),
    ("https://a.example/?a=b c", NetQuery),
    ("https://a.example/?a=\n", NetQuery),
    ("https://a.example/?a=\u{e4}", NetQuery),
    ("https://a.example/?a=\\", NetQuery),
];

#[test]
fn a_url_that_two_readers_could_take_for_two_is_refused() {
    for (text, reason) in REFUSED {
        let error = Request::parse("GET", text, [""; 0]).map(|request| request.to_string()).unwrap_err();
        assert_eq!(error.reason(), *reason, "{text:?}: {error}");
        let message = error.to_string();
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(!message.contains("s3cr3t"), "{message}");
    }
}

#[test]
fn what_is_taken_is_sent_as_it_was_written() {
    let taken = [
        "https://a.example/",
        "https://a.example:8200/v1/kv/data/a",
        "http://a.example:443/",
        "https://a_b.example/",
        "https://xn--bcher-kva.example/",
        "https://127.0.0.1:8200/",
        "https://[::1]/",
        "https://[2001:db8::1]:8200/",
        "https://a.example/-._~!$&'()*,:=+@",
        "https://a.example/...",
        "https://a.example/.well-known/x",
        "https://a.example/a%20b%C3%A4",
        "https://a.example//a/",
        "https://a.example/a;b",
        "https://a.example/a%2Fb",
        "https://a.example/?a=%61%0A&b&c[0]=/?@:&%24filter=x",
    ];
    for text in taken {
        let request =
            Request::parse("GET", text, ["Accept", "x_y"]).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(request.url().as_str(), text);
        assert_eq!(request.headers(), ["accept", "x_y"]);
    }
    let upper = Request::parse("GET", "HTTPS://A.Example/V1", [""; 0]).unwrap();
    assert_eq!(upper.url().as_str(), "https://a.example/V1");
}

#[test]
fn the_query_is_shown_nowhere() {
    let request = Request::parse("GET", "https://a.example/p?token=s3cr3t", [""; 0]).unwrap();
    assert_eq!(format!("{request} {request:?}"), "GET https://a.example/p GET https://a.example/p");
    // What stands behind a colon may be half of a password with a slash in it.
    let error = Request::parse("GET", "https://user:s3cr3t/x@a.example/", [""; 0]).unwrap_err();
    assert!(!error.to_string().contains("s3cr3t"), "{error}");
}

#[test]
fn a_method_is_one_that_a_policy_can_name() {
    let methods =
        ["", "get", "Get", "GET ", "GET\r\nX:", "CONNECT", "TRACE", "G\u{c9}T", "X-Y", "ABCDEFGHIJKLMNOPQ"];
    for method in methods {
        let error = Request::parse(method, "https://a.example/", [""; 0]).unwrap_err();
        assert_eq!(error.reason(), NetMethod, "{method:?}");
    }
    assert_eq!(Request::parse("LIST", "https://a.example/", [""; 0]).unwrap().method(), "LIST");
}

#[test]
fn a_header_name_is_a_token() {
    let long = "x".repeat(129);
    for name in ["", "a b", "a:", "a\r\nb", "\u{e4}", "a\0", "x(y)", ":path", long.as_str()] {
        let error = Request::parse("GET", "https://a.example/", [name]).unwrap_err();
        assert_eq!(error.reason(), NetHeader, "{name:?}");
    }
}

#[test]
fn a_url_has_bounds() {
    let many = format!("https://a.example{}", "/a".repeat(129));
    let long = format!("https://a.example/{}", "a".repeat(8 << 10));
    for url in [many, long] {
        assert_eq!(Request::parse("GET", &url, [""; 0]).unwrap_err().reason(), NetPath);
    }
    assert!(Request::parse("GET", &format!("https://a.example{}", "/a".repeat(128)), [""; 0]).is_ok());
}
