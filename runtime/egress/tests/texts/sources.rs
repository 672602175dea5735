//! Where a text comes from, and what is said where it cannot be had.

use std::fs;

use crate::host::{Host, Provider};
use crate::store::Store;

/// What the file holds; the header, or the error after the file's path.
const FILES: &[(&[u8], Result<&str, &str>)] = &[
    (b"s.token", Ok("s.token")),
    (b"s.token\n", Ok("s.token")),
    (b"\r\n  s.token\t\r\n", Ok("s.token")),
    (b"two words", Ok("two words")),
    (b"", Err(": is empty")),
    (b" \n", Err(": is empty")),
    (b"s.\xff", Err(": is not UTF-8")),
    (b"s.one\ns.two", Err(" is not one line of printable text")),
    (b"s.one\r\nx-other: 1", Err(" is not one line of printable text")),
    (b"s.\0one", Err(" is not one line of printable text")),
];

/// The kinds that take a text, with `{}` for it, and the header.
const KINDS: &[(&str, &str, &str)] = &[
    ("kind: header, name: x-t, from: {}", "x-t", ""),
    ("kind: bearer, from: {}", "authorization", "Bearer "),
    ("kind: kubernetes, from: {}", "authorization", "Bearer "),
];

#[tokio::test]
async fn a_file_is_one_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let store = Store::start(|_| (200, String::new()));
    for (kind, header, prefix) in KINDS {
        for (content, expected) in FILES {
            fs::write(&path, content).unwrap();
            let before = store.received().len();
            let from = format!("{{ file: '{}' }}", path.display());
            let provider =
                Provider::with_credential(&Host::new(), &store.origin(), &kind.replace("{}", &from));
            let outcome = provider.get("/a").await;
            match expected {
                Ok(text) => {
                    outcome.unwrap();
                    let received = store.received().pop().unwrap();
                    assert_eq!(received.header(header), Some(format!("{prefix}{text}").as_str()), "{kind}");
                }
                Err(problem) => {
                    let error = outcome.unwrap_err().to_string();
                    let expected = format!("{}{problem}", path.display());
                    assert!(error.starts_with("no credential: ") && error.ends_with(&expected), "{error}");
                    assert!(!error.contains("one\n"), "{error}");
                    assert_eq!(store.received().len(), before, "nothing is sent without it: {content:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_trusted_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (missing, untrusted) = (folder.path().join("missing"), folder.path().join("untrusted"));
    fs::write(&untrusted, "s.secret-of-others").unwrap();
    let rows = [
        (format!("{{ file: '{}' }}", missing.display()), format!("{}: entity not found", missing.display())),
        (
            format!("{{ file: '{}' }}", untrusted.display()),
            format!("{}: others may write it: chmod go-w", untrusted.display()),
        ),
        ("{ env: NOT_SET }".to_owned(), "the variable NOT_SET is not set".to_owned()),
        (
            "{ env: LINES }".to_owned(),
            "the credential from variable LINES is not one line of printable text".to_owned(),
        ),
        (
            r#"{ value: "a\nb" }"#.to_owned(),
            "the credential from a value in the policy file is not one line of printable text".to_owned(),
        ),
    ];
    let store = Store::start(|_| (200, String::new()));
    for kind in ["kind: header, name: x-t", "kind: bearer", "kind: kubernetes", "kind: vault"] {
        for (from, expected) in &rows {
            let host = Host::new();
            host.distrust(&untrusted);
            host.set("LINES", "secret-one\nsecret-two");
            let credential = format!("{kind}, from: {from}");
            let provider = Provider::with_credential(&host, &store.origin(), &credential);
            let error = provider.get("/a").await.unwrap_err().to_string();
            let text = error.strip_prefix("no credential: ").unwrap();
            let vault = "vault: the token is not one line of printable text";
            assert!(text == expected || (kind == "kind: vault" && text == vault), "{credential}: {error}");
        }
    }
    assert!(store.received().is_empty(), "nothing is sent without it");
}
