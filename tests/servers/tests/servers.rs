//! Each server does what it says, seen by a client that has no opinion.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;

use portcullis_test_servers::certificates::{Authority, Fault, with_protocol};
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::h2::{Act, Flood};
use portcullis_test_servers::responses::{bodies, complete, framing, heads, redirects, statuses};
use portcullis_test_servers::{Script, Server, Step, handshake};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const GET: &[u8] = b"GET /a/plain HTTP/1.1\r\nhost: h\r\nx-one: 1\r\n\r\n";

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).unwrap()
}

/// Sends a request and reads until the server closes, or this much is there.
fn ask(server: &Server, request: &[u8], most: usize) -> Result<Vec<u8>, ErrorKind> {
    let mut stream = connect(server);
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    let mut piece = vec![0; 64 << 10];
    while bytes.len() < most {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) => return Err(error.kind()),
        }
    }
    Ok(bytes)
}

/// Waits until the server has noticed what the client did.
fn until(what: impl Fn() -> bool) {
    while !what() {
        std::thread::yield_now();
    }
}

#[test]
fn an_echo_is_the_request_as_it_came() {
    let server = Server::plain(Echo).unwrap();
    let request = b"POST /a/plain?b=c HTTP/1.1\r\nHost: h\r\nX-One:  1\r\ncontent-length: 4\r\n\r\nbody";
    let answer = complete("200 OK", "", std::str::from_utf8(request).unwrap());
    assert_eq!(ask(&server, request, answer.len()).unwrap(), answer);
    // Two requests on one connection, the second in chunks.
    let chunked =
        b"POST /a/plain HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\n\r\n";
    let mut both = GET.to_vec();
    both.extend_from_slice(chunked);
    let mut expected = complete("200 OK", "", std::str::from_utf8(GET).unwrap());
    let head = "POST /a/plain HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nbody";
    expected.extend(complete("200 OK", "", head));
    assert_eq!(ask(&server, &both, expected.len()).unwrap(), expected);
    assert_eq!((server.seen().connections(), server.seen().requests().len()), (2, 3));
    assert_eq!(server.seen().lines()[0], "POST /a/plain?b=c HTTP/1.1");
    until(|| server.seen().open() == 0);
}

#[test]
fn an_echo_has_many_forms() {
    let server = Server::plain(Echo).unwrap();
    let rows: [(&str, &str); 9] = [
        ("hex", "2f686578"),
        ("base64", "R0VUIC9iYXNlNjQg"),
        ("percent", "GET%20%2Fpercent%20HTTP"),
        ("json", "\\r\\n"),
        ("reversed", "1.1/PTTH desrever/ TEG"),
        ("bytes", "1\r\nG\r\n1\r\nE\r\n"),
        ("header", "echo-x-one: 1\r\n"),
        ("trailer", "0\r\necho-x-one: 1\r\n\r\n"),
        ("location", "location: http://127.0.0.2:9/?GET%20%2Flocation"),
    ];
    for (form, expected) in rows {
        let request = format!("GET /{form} HTTP/1.1\r\nx-one: 1\r\n\r\n");
        let mut stream = connect(&server);
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(expected), "{form}: {answer}");
    }
}

#[test]
fn a_script_says_what_it_says() {
    // Behaviour, what is read of it, and how that begins or ends.
    let rows: [(&str, Script, usize, &[u8]); 9] = [
        ("drip", bodies::drip(), 40, b"\r\n\r\nx"),
        ("closed", bodies::closed_in_the_middle(), usize::MAX, b"half"),
        ("long", bodies::long(70_000), 70_000, b"xxxx"),
        ("endless", bodies::endless(), 1 << 20, b"x"),
        ("informational", heads::informational_flood(), 1 << 20, b""),
        ("many", heads::many_headers(100_000), usize::MAX, b"x-99999: y\r\ncontent-length: 2\r\n\r\nok"),
        ("long header", heads::long_header(1 << 20), usize::MAX, b"y\r\ncontent-length: 2\r\n\r\nok"),
        ("redirect", redirects::to("302 Found", "http://a/"), 40, b"content-length: 0\r\n\r\n"),
        ("retry", statuses::always("503 Service Unavailable", "retry-after: 1\r\n"), 40, b"failed"),
    ];
    for (name, script, most, ends) in rows {
        let server = Server::plain(script).unwrap();
        let answer = ask(&server, GET, most).unwrap();
        let tail = &answer[answer.len().saturating_sub(ends.len())..];
        if most > 100 && most < usize::MAX {
            assert!(answer.len() >= most, "{name}");
        } else {
            assert_eq!(tail, ends, "{name}: {}", String::from_utf8_lossy(&answer[..answer.len().min(200)]));
        }
        // A client that goes away ends it, and nothing but the client.
        until(|| server.seen().open() == 0);
        assert_eq!(server.seen().connections(), 1, "{name}");
    }
}

#[test]
fn a_reset_is_a_reset() {
    for server in [bodies::reset_in_the_middle(), Script::new([Step::Request, Step::Reset])] {
        let server = Server::plain(server).unwrap();
        assert_eq!(ask(&server, GET, usize::MAX).unwrap_err(), ErrorKind::ConnectionReset);
    }
}

#[test]
fn the_bomb_is_small_and_its_length_is_told() {
    let bomb = bodies::bomb();
    assert!(bomb.len() < 120 << 10, "{}", bomb.len());
    assert_eq!(bomb.windows(4).filter(|window| *window == [0x1f, 0x8b, 8, 0]).count(), 16);
}

#[test]
fn rows_are_whole_heads_with_names_of_their_own() {
    let rows = [framing::SMUGGLED, framing::BROKEN, heads::BROKEN].concat();
    let mut names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
    assert!(rows.iter().all(|(_, bytes)| bytes.windows(4).any(|window| window == b"\r\n\r\n")));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), rows.len());
}

#[test]
fn a_server_that_recovers_counts_requests_and_not_connections() {
    let server =
        Server::plain(statuses::Recovers::after(2, "429 Too Many Requests", "retry-after: 0\r\n")).unwrap();
    let begins = |expected: &[u8]| ask(&server, GET, 15).unwrap().starts_with(expected);
    assert!(begins(b"HTTP/1.1 429 ") && begins(b"HTTP/1.1 429 ") && begins(b"HTTP/1.1 200 "));
}

/// A handshake, and a request over it.
fn over_tls(
    server: &Server,
    authority: &Authority,
    name: &str,
    protocols: &[&[u8]],
) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, connect(server));
    stream.conn.complete_io(&mut stream.sock)?;
    Ok(stream)
}

#[test]
fn identities_are_good_or_bad_as_they_say() {
    let authority = Authority::new().unwrap();
    let rows = [
        (Fault::None, "localhost", "localhost", None),
        (Fault::None, "127.0.0.1", "127.0.0.1", None),
        (Fault::None, "other.test", "localhost", Some("NotValidForName")),
        (Fault::Expired, "localhost", "localhost", Some("Expired")),
        (Fault::NotYet, "localhost", "localhost", Some("NotValidYet")),
        (Fault::SelfSigned, "localhost", "localhost", Some("UnknownIssuer")),
        (Fault::ClientOnly, "localhost", "localhost", Some("InvalidPurpose")),
    ];
    for (fault, has, asked, expected) in rows {
        let server = Server::tls(authority.server(&[has], fault).unwrap(), Echo).unwrap();
        match (over_tls(&server, &authority, asked, &[b"http/1.1"]), expected) {
            (Ok(mut stream), None) => {
                stream.write_all(GET).unwrap();
                let mut answer = [0; 15];
                stream.read_exact(&mut answer).unwrap();
                assert_eq!(&answer, b"HTTP/1.1 200 OK");
            }
            (Err(error), Some(words)) => {
                let tls = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
                let Some(rustls::Error::InvalidCertificate(problem)) = tls else {
                    panic!("{fault:?}: {error}")
                };
                let problem: &CertificateError = problem;
                assert!(format!("{problem:?}").contains(words), "{fault:?}: {problem:?}");
            }
            (other, expected) => panic!("{fault:?}: {other:?}, not {expected:?}"),
        }
    }
}

#[test]
fn old_or_no_tls_ends_the_handshake() {
    let authority = Authority::new().unwrap();
    let rows = [
        ("1.1", handshake::only_tls_1_1()),
        ("alert", handshake::protocol_version_alert()),
        ("none", handshake::no_tls()),
        ("closed", handshake::closed()),
        ("reset", handshake::reset()),
    ];
    for (name, script) in rows {
        let server = Server::plain(script).unwrap();
        assert!(over_tls(&server, &authority, "localhost", &[b"http/1.1"]).is_err(), "{name}");
    }
    // These two say nothing that would end it: the client has to.
    for script in [handshake::silent(), handshake::half()] {
        let server = Server::plain(script).unwrap();
        let address = server.address().to_socket_addrs().unwrap().next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nonblocking(true).unwrap();
        stream.write_all(&[22, 3, 1]).unwrap();
        until(|| server.seen().received() == 3);
        let mut rest = [0; 64];
        let read = stream.read(&mut rest);
        assert!(matches!(&read, Err(error) if error.kind() == ErrorKind::WouldBlock) || read.unwrap() == 9);
        assert_eq!(server.seen().open(), 1);
    }
}

#[test]
fn a_flood_begins_with_the_first_request() {
    let authority = Authority::new().unwrap();
    let acts = [
        (Act::Continuation, 9),
        (Act::EmptyContinuation, 9),
        (Act::Ping, 6),
        (Act::Settings, 4),
        (Act::Reset, 3),
        (Act::EmptyData, 0),
        (Act::Informational, 1),
        (Act::Push, 5),
        (Act::WindowUpdate, 8),
        (Act::UnknownStream, 0),
    ];
    for (act, expected) in acts {
        let config = with_protocol(authority.server(&["localhost"], Fault::None).unwrap(), b"h2");
        let server = Server::tls(config, Flood(act)).unwrap();
        let mut stream = over_tls(&server, &authority, "localhost", &[b"h2"]).unwrap();
        // Preface, settings, and a request of one indexed header.
        stream
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x05\0\0\0\x01\x82")
            .unwrap();
        let mut kinds = Vec::new();
        while kinds.len() < 200 {
            let mut head = [0; 9];
            stream.read_exact(&mut head).unwrap();
            let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
            stream.read_exact(&mut vec![0; length]).unwrap();
            kinds.push(head[3]);
        }
        assert!(kinds.iter().filter(|kind| **kind == expected).count() > 190, "{act:?}: {kinds:?}");
        assert_eq!(server.seen().requests().len(), 1, "{act:?}");
    }
}

#[test]
fn dropping_a_server_closes_its_connections() {
    let server = Server::plain(handshake::silent()).unwrap();
    let (address, mut stream) = (server.address(), connect(&server));
    until(|| server.seen().open() == 1);
    let seen = Arc::clone(server.seen());
    drop(server);
    assert_eq!(seen.open(), 0);
    assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
    assert!(TcpStream::connect(address).is_err());
}
