//! Who gives out credentials gives them for their proof, and shows as a store what it was told.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use portcullis_test_servers::Server;
use portcullis_test_servers::issuer::{Grant, Issuer};

const GRANTS: &[Grant] = &[
    Grant { line: "POST /login", proof: "a\"b", body: "given" },
    Grant { line: "GET /token", proof: "", body: "to anybody" },
];

/// Sends a request of HTTP/1, and reads its answer.
fn ask(server: &Server, line: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(stream, "{line} HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_credential_is_given_for_its_proof() {
    let server = Server::plain(Issuer::new(GRANTS, &[])).unwrap();
    let rows = [
        ("POST /login", r#"{"password":"a\"b"}"#, "200", "given"),
        ("POST /login?x=y", "password=a%22b", "200", "given"),
        ("POST /login", r#"a"b"#, "200", "given"),
        ("POST /login", "password=ab", "401", "password=ab"),
        ("GET /login", r#"a"b"#, "401", r#"a"b"#),
        ("GET /token", "", "200", "to anybody"),
        ("GET /token/a", "", "401", ""),
    ];
    for (line, body, status, given) in rows {
        let answer = ask(&server, line, body);
        let right = answer.starts_with(&format!("HTTP/1.1 {status} "))
            && answer.ends_with(&format!("\r\n\r\n{given}"));
        assert!(right, "{line} {body}: {answer}");
    }
}

#[test]
fn a_store_shows_what_it_knows_and_what_was_signed_for_any_of_its_clones() {
    let issuer = Issuer::new(&[], &["known-1"]);
    let (source, store) = (Server::plain(issuer.clone()).unwrap(), Server::plain(issuer.clone()).unwrap());
    ask(&source, "POST /token", "client_assertion_type=urn&client_assertion=a.b.c&x=y");
    ask(&source, "POST /login", r#"{"iam_request_headers":"eyJ9","role":"r"}"#);
    assert_eq!(issuer.statements(), ["a.b.c", "eyJ9"]);
    for (form, expected) in [
        ("plain", "body knows known-1 knows a.b.c knows eyJ9"),
        ("header", "echo-beside:  knows known-1 knows a.b.c knows eyJ9\r\n"),
        ("location", "%20knows%20known-1%20knows%20a.b.c"),
        ("bytes", "1\r\nk\r\n1\r\nn\r\n1\r\no\r\n"),
    ] {
        let answer = ask(&store, &format!("POST /echo/{form}"), "body");
        assert!(answer.contains(expected), "{form}: {answer}");
    }
}
