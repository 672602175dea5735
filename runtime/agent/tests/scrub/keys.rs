//! Names that tell of a secret.

use portcullis_agent::scrub::{KnownValues, Scrubber};

use super::plain;

#[test]
fn values_by_key() {
    let key = "0123456789abcdef0123456789abcdef";
    let masked = "\"****************************cdef\"";
    let hidden = "\"********\"";
    let rows: &[(&str, &str, &str)] = &[
        // Hidden whole.
        ("password", "hunter2", hidden),
        ("pass", "hunter2", hidden),
        ("my_passphrase", "hunter2", hidden),
        ("PGPASSWORD", "hunter2", hidden),
        ("pwd", "hunter2", hidden),
        ("password", "12345", hidden),
        ("password", "true", hidden),
        ("password", "", hidden),
        ("password", "{a: b}", hidden),
        ("password", "[a, b]", hidden),
        ("token", "hunter2", hidden),
        ("bearer_token", "hunter2", hidden),
        ("id_jwt", "hunter2", hidden),
        ("client_secret", "hunter2", hidden),
        ("vault_secret_id", "hunter2", hidden),
        ("aws_secret_access_key", "hunter2", hidden),
        ("tls_private_key", "hunter2", hidden),
        ("community_string", "public", hidden),
        ("community", "public", hidden),
        ("community_strings", "[public, private]", hidden),
        ("authKey", "hunter2", hidden),
        ("auth_key", "hunter2", hidden),
        ("privKey", "hunter2", hidden),
        ("authentication_key", "hunter2", hidden),
        ("privacy_key", "hunter2", hidden),
        ("Authorization", "Basic aHVudGVyMg==", hidden),
        ("consumer_key", "hunter2", hidden),
        ("token_id", "hunter2", hidden),
        ("cookie", "a", hidden),
        ("x-api-key", key, hidden),
        ("X-Functions-Key", "hunter2", hidden),
        ("x-auth", "hunter2", hidden),
        // The tail stays.
        ("api_key", key, masked),
        ("api_key", &format!("' {key} '"), masked),
        ("process_api_key_2", key, masked),
        ("api-key", key, masked),
        ("app_key", key, masked),
        ("application_key", "abcdefgh", "\"******gh\""),
        ("api_key", "abcd", hidden),
        ("api_key", "''", "\"\""),
        ("api_key", "12345678", hidden),
        ("api_key", "[a]", hidden),
        // Shown.
        ("host", "localhost", "localhost"),
        ("port", "8080", "8080"),
        ("port", "'8080'", "\"8080\""),
        ("tls_verify", "false", "false"),
        ("community_name", "public", "public"),
        ("secret_backend_command", "/usr/bin/portcullis", "/usr/bin/portcullis"),
        ("tokens", "many", "many"),
        ("keys", "'*'", "\"*\""),
        ("nothing", "", "~"),
        // Not resolved.
        ("password", "ENC[db/password]", "\"ENC[db/password]\""),
        ("api_key", "ENC[db]", "\"ENC[db]\""),
        ("host", "ENC[db]", "\"ENC[db]\""),
    ];
    for (key, value, expected) in rows {
        let expected = format!("{key}: {expected}");
        let shown = plain(&format!("{key}: {value}\n"));
        // A reference needs no quotes.
        let same = [expected.trim_end().to_owned(), expected.replace("\"ENC[", "ENC[").replace("]\"", "]")];
        assert!(same.contains(&shown.trim_end().to_owned()), "{key}: {value}: {shown}");
        let nested = plain(&format!("- a:\n  - {key}: {value}\n"));
        assert!(!nested.contains("hunter2"), "{nested}");
    }
}

#[test]
fn keys_of_the_operators_own_are_compared_as_they_are() {
    let scrubber =
        Scrubber::new(["a.c*".to_owned(), "[".to_owned(), "http://x".to_owned(), "api_key".to_owned()]);
    let text = "a.c*: one\nabc: two\naxc*: three\n'[': four\nhttp://x: [five, six]\napi_key: abcdefgh\n";
    let shown = scrubber.scrub(text.as_bytes(), &[], &KnownValues::default()).unwrap();
    assert_eq!(
        shown,
        "\"a.c*\": \"********\"\nabc: two\n\"axc*\": three\n\"[\": \"********\"\nhttp://x: \"********\"\n\
         api_key: \"******gh\"\n"
    );
}

#[test]
fn keys_of_other_accounts() {
    let text = "additional_endpoints:\n  https://a:\n  - abc\n  - ENC[x]\n  https://b: def\n  c:\n";
    assert_eq!(
        plain(text),
        "additional_endpoints:\n  https://a:\n    - \"********\"\n    - ENC[x]\n  https://b: \"********\"\n  c: ~\n"
    );
    let text = "additional_endpoints:\n- {host: a, port: 1, api_key: abcdefgh}\n";
    assert_eq!(plain(text), "additional_endpoints:\n  - host: a\n    port: 1\n    api_key: \"******gh\"\n");
}
