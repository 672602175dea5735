//! TLS on this machine's own addresses, for who cannot reach a socket's file: whoever asks shows a token.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

/// Shortest token, in bytes: those of agents have 32 and more.
const SHORTEST: usize = 16;

/// Where to listen, and with which files.
#[derive(Clone, Debug)]
pub struct TlsOptions {
    /// An address of this machine alone: `127.0.0.1:5001`.
    pub address: SocketAddr,
    /// The certificate and those that it is signed by, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM.
    pub key: PathBuf,
    /// The file with the token: `Authorization: Bearer` and its text. Read again for each request.
    pub token: PathBuf,
}

/// A listener that cannot be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// Others could reach it.
    #[error("{0} is reached from other machines: listen at 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// A file cannot be read.
    #[error("{}: {problem}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it. Never a part of it.
        problem: String,
    },
    /// Certificate and key do not fit.
    #[error("certificate and key cannot be used together: {0}")]
    Identity(String),
    /// The system says no.
    #[error("cannot listen at {address}: {error}")]
    System {
        /// Where.
        address: SocketAddr,
        /// What it says.
        error: io::Error,
    },
}

pub(super) async fn bind(options: &TlsOptions) -> Result<(TcpListener, TlsAcceptor, Token), TlsError> {
    if !options.address.ip().is_loopback() {
        return Err(TlsError::NotLoopback(options.address));
    }
    let acceptor = acceptor(options)?;
    let token = Token(options.token.clone());
    token.read()?;
    let listener = TcpListener::bind(options.address)
        .await
        .map_err(|error| TlsError::System { address: options.address, error })?;
    Ok((listener, acceptor, token))
}

fn acceptor(options: &TlsOptions) -> Result<TlsAcceptor, TlsError> {
    let problem = |path: &Path, problem: String| TlsError::File { path: path.to_owned(), problem };
    let pem = read(&options.certificate)?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|_| problem(&options.certificate, "holds no certificate in PEM".to_owned()))?;
    if chain.is_empty() {
        return Err(problem(&options.certificate, "holds no certificate in PEM".to_owned()));
    }
    let pem = read(&options.key)?;
    let key = PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|_| problem(&options.key, "holds no private key in PEM".to_owned()))?;
    let identity = |error: rustls::Error| TlsError::Identity(error.to_string());
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(identity)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(identity)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    let read = fs::read(path).map(Zeroizing::new);
    read.map_err(|error| TlsError::File {
        path: path.to_owned(),
        problem: format!("cannot be read: {error}"),
    })
}

/// The token of who may ask, by its file.
#[derive(Clone, Debug)]
pub(super) struct Token(PathBuf);

impl Token {
    fn read(&self) -> Result<Zeroizing<Vec<u8>>, TlsError> {
        let mut text = read(&self.0)?;
        let end = text.trim_ascii_end().len();
        text.truncate(end);
        if text.len() < SHORTEST {
            let problem = format!("the token has {} bytes: expected {SHORTEST} at least", text.len());
            return Err(TlsError::File { path: self.0.clone(), problem });
        }
        Ok(text)
    }

    /// Whether a header shows it. How long that takes tells nothing of how much of it is right.
    pub(super) fn is_in(&self, header: Option<&http::HeaderValue>) -> bool {
        let shown = header.and_then(|header| header.as_bytes().strip_prefix(b"Bearer "));
        match (shown, self.read()) {
            (Some(shown), Ok(known)) => Sha256::digest(shown) == Sha256::digest(&*known),
            (None, _) => false,
            (Some(_), Err(error)) => {
                tracing::warn!("nobody is answered: {error}");
                false
            }
        }
    }
}
