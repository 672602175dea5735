//! TLS at an address of this machine: whoever shows the token is answered.

use std::path::Path;
use std::sync::Arc;

use portcullis_agent::server::{Server, Service, TlsError, TlsOptions};
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::running::Echo;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Certificate, key and token in a folder.
fn options(folder: &Path) -> (TlsOptions, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key, token) = (folder.join("cert.pem"), folder.join("key.pem"), folder.join("token"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    std::fs::write(&token, format!("{TOKEN}\n")).unwrap();
    (TlsOptions { address: "127.0.0.1:0".parse().unwrap(), certificate, key, token }, made.cert.der().clone())
}

/// What comes back for a request with this header.
async fn ask(address: std::net::SocketAddr, certificate: &CertificateDer<'static>, header: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector.connect(name, stream).await.unwrap();
    let request =
        format!("GET /agent/secrets HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{header}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A server that closes without a last word of TLS has said all that it has to say.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn whoever_shows_the_token_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (options, certificate) = options(folder.path());
    let server = Server::bind_tls(&options).await.unwrap();
    let address = server.address().unwrap();
    let echo = Arc::new(Echo::default());
    let service: Arc<dyn Service> = Arc::<Echo>::clone(&echo);
    let serving = tokio::spawn(server.serve(service, std::future::pending()));
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    for (header, status) in [
        (bearer(TOKEN), "200"),
        (bearer("0123456789abcdef0123456789abcdee"), "401"),
        (bearer(""), "401"),
        (bearer(&format!("{TOKEN}0")), "401"),
        (format!("Authorization: Basic {TOKEN}\r\n"), "401"),
        (String::new(), "401"),
    ] {
        let answer = ask(address, &certificate, &header).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{header:?}: {answer}");
        assert!(!answer.contains(TOKEN), "{answer}");
    }
    assert_eq!(echo.0.load(std::sync::atomic::Ordering::Relaxed), 1);
    // Another token from now on.
    std::fs::write(&options.token, "another-token-of-the-agent").unwrap();
    assert!(ask(address, &certificate, &bearer(TOKEN)).await.starts_with("HTTP/1.1 401 "));
    assert!(
        ask(address, &certificate, &bearer("another-token-of-the-agent")).await.starts_with("HTTP/1.1 200 ")
    );
    // Without TLS nobody is answered.
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP/"), "{answer:?}");
    serving.abort();
}

#[tokio::test]
async fn what_cannot_be_listened_with_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (good, _) = options(folder.path());
    let text = folder.path().join("text");
    std::fs::write(&text, "short").unwrap();
    let gone = folder.path().join("gone");
    let rows = [
        (
            TlsOptions { address: "0.0.0.0:0".parse().unwrap(), ..good.clone() },
            "is reached from other machines",
        ),
        (
            TlsOptions { address: "192.0.2.1:0".parse().unwrap(), ..good.clone() },
            "is reached from other machines",
        ),
        (TlsOptions { certificate: text.clone(), ..good.clone() }, "holds no certificate in PEM"),
        (TlsOptions { key: text.clone(), ..good.clone() }, "holds no private key in PEM"),
        (TlsOptions { token: text, ..good.clone() }, "the token has 5 bytes: expected 16 at least"),
        (TlsOptions { token: gone, ..good }, "cannot be read"),
    ];
    for (options, says) in rows {
        let error: TlsError = Server::bind_tls(&options).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}
